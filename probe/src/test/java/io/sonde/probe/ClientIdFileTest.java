package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientIdFileTest {
    @TempDir
    Path folder;

    @Test
    void theIdIsMadeOnceAndKeptForItsOwnerAlone() throws IOException {
        Path home = folder.resolve("a").resolve("b");

        String id = ClientIdFile.in(home).read();

        assertThat(id).matches("probe-[0-9a-f-]{36}");
        assertThat(ClientIdFile.in(home).read()).isEqualTo(id);
        assertThat(Files.getPosixFilePermissions(home.resolve("client-id")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(home.toFile().list()).containsExactly("client-id");
    }

    @Test
    void anIdOfOnesOwnIsTakenAsItIs() throws IOException {
        Files.writeString(folder.resolve("client-id"), "berlin-1\n");

        assertThat(ClientIdFile.in(folder).read()).isEqualTo("berlin-1");
    }

    @Test
    void anEmptyFileOrAFolderThatCannotBeMadeIsSaidWithWhatToDo() throws IOException {
        Path empty = Files.writeString(folder.resolve("client-id"), "");

        assertThatThrownBy(() -> ClientIdFile.in(folder).read()).hasMessageContaining("delete it to get a new one");
        assertThatThrownBy(() -> ClientIdFile.in(empty).read()).hasMessageContaining("--home");
    }
}
