package dev.openppu.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.cli.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void appearsWholeAtCommit() throws IOException {
        Path target = folder.resolve("out");
        Files.writeString(target, "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            Files.writeString(file.path(), "new");
            assertThat(target).hasContent("old");
            file.commit();
            assertThat(target).hasContent("new");
        }
        assertThat(entries()).containsExactly("out");
    }

    @Test
    void leavesNothingWithoutCommit() throws IOException {
        try (AtomicFile file = AtomicFile.create(folder.resolve("out"))) {
            Files.writeString(file.path(), "half");
        }
        assertThat(entries()).isEmpty();
    }

    @Test
    void followsALinkToItsTarget() throws IOException {
        Path real = folder.resolve("real");
        Files.writeString(real, "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (AtomicFile file = AtomicFile.create(link)) {
            Files.writeString(file.path(), "new");
            file.commit();
        }
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    void writesADeviceInPlace() throws IOException {
        try (AtomicFile file = AtomicFile.create(Path.of("/dev/null"))) {
            Files.writeString(file.path(), "gone");
            file.commit();
        }
        assertThat(Files.exists(Path.of("/dev/null"))).isTrue();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void saysBeforehandWhatCannotBeWritten() {
        assertThatThrownBy(() -> AtomicFile.create(folder)).isInstanceOf(BadInputException.class).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> AtomicFile.create(folder.resolve("none/out"))).isInstanceOf(BadInputException.class)
                .hasMessageContaining("no such file or folder");
    }

    private Stream<String> entries() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList().stream();
        }
    }
}
