package io.sonde.app.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Who may read secrets, and whether we may use our own folder. */
final class PermissionsCheck {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PermissionsCheck() {}

    /** A folder of {@code sonde up}; empty when it is not there yet and may be made. */
    static List<Finding> folder(Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        if (!Files.exists(there)) {
            return List.of();
        }
        String user = System.getProperty("user.name");
        if (!Files.isDirectory(there)) {
            return List.of(Finding.error("folder", there + " is a file", "choose a folder with --data DIR"));
        }
        if (!Files.isReadable(there) || !Files.isWritable(there) || !Files.isExecutable(there)) {
            return List.of(Finding.error(
                    "folder",
                    there + " may not be used by " + user + " (" + mode(there) + ")",
                    "chown -R " + user + " '" + there + "' && chmod u+rwx '" + there + "'"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("folder", there + " (" + mode(there) + ")"));
        for (String secret : List.of("token", "postgres/password")) {
            findings.addAll(secret("secrets", there.resolve(secret)));
        }
        return findings;
    }

    /** A file that only its owner should read; nothing when it is not there. */
    static List<Finding> secret(String check, Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        if (!Files.isReadable(file)) {
            return List.of(Finding.error(
                    check,
                    file + " may not be read by " + System.getProperty("user.name") + " (" + mode(file) + ")",
                    "chown " + System.getProperty("user.name") + " '" + file + "'"));
        }
        try {
            Set<PosixFilePermission> open = EnumSet.copyOf(OF_OTHERS);
            open.retainAll(Files.getPosixFilePermissions(file));
            return List.of(
                    open.isEmpty()
                            ? Finding.ok(check, file + " is its owner's alone")
                            : Finding.error(
                                    check,
                                    file + " holds a secret and is open to others (" + mode(file) + ")",
                                    "chmod 600 '" + file + "', and take another secret: this one may be known"));
        } catch (IOException e) {
            return List.of(Finding.notChecked(check, file + ": " + e.getMessage(), "ls -l '" + file + "'"));
        }
    }

    private static String mode(Path path) {
        try {
            return Files.getOwner(path).getName() + " "
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            return "cannot be looked at";
        }
    }
}
