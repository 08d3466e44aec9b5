package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is put before a PostgreSQL command: another user when we are root, which PostgreSQL refuses to run as; a session
 * of its own, so that Ctrl-C on the terminal reaches us alone; a fast shutdown when we are killed.
 */
record RunAs(List<String> prefix) {
    private static final List<String> OWN_SESSION = List.of("setsid");
    private static final List<String> ENDS_WITH_US = List.of("setpriv", "--pdeathsig", "INT");
    private static final List<String> USER_NAMESPACE = List.of("unshare", "-U", "--");
    private static final int NOBODY = 65534;

    RunAs {
        prefix = List.copyOf(prefix);
    }

    /** For a folder that the command must own. As root the folder may be given to another user here. */
    static RunAs ownerOf(Path folder) {
        List<String> prefix = new ArrayList<>();
        Stream.of(OWN_SESSION, ENDS_WITH_US).filter(RunAs::works).forEach(prefix::addAll);
        if (System.getProperty("user.name").equals("root")) {
            prefix.addAll(0, asSomebodyElse(folder));
        }
        return new RunAs(prefix);
    }

    ProcessBuilder command(List<String> command) {
        return new ProcessBuilder(
                Stream.concat(prefix.stream(), command.stream()).toList());
    }

    private static List<String> asSomebodyElse(Path folder) {
        int owner = owner(folder);
        if (owner != 0) {
            return asUser(owner, folder);
        }
        if (works(USER_NAMESPACE)) {
            return USER_NAMESPACE;
        }
        List<String> asNobody = asUser(NOBODY, folder);
        give(folder, NOBODY);
        return asNobody;
    }

    private static List<String> asUser(int uid, Path folder) {
        List<String> prefix =
                List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--inh-caps=-all");
        if (!works(prefix)) {
            throw new Problem(
                    ExitCode.DENIED,
                    "PostgreSQL does not run as root, and here root can become nobody else (neither unshare -U nor"
                            + " setpriv works); start sonde as an ordinary user");
        }
        if (!works(Stream.concat(prefix.stream(), Stream.of("test", "-d", folder.toString()))
                .toList())) {
            throw new Problem(
                    ExitCode.DENIED,
                    "PostgreSQL runs as user id " + uid + ", which cannot enter " + folder
                            + "; make the folders above it passable (chmod o+x), choose another with --data DIR, or"
                            + " start sonde as an ordinary user");
        }
        return prefix;
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        if (!command.contains("test")) {
            command.add("true");
        }
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int owner(Path folder) {
        try {
            return (Integer) Files.getAttribute(folder, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void give(Path folder, int uid) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
