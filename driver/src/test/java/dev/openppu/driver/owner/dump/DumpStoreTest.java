package dev.openppu.driver.owner.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpStoreTest {
    private static final List<String> WHOLE = List.of("{\"section\":\"header\"}", "{\"section\":\"end\"}");
    /** Fails after much of it was written: half of a surrogate pair is no text. */
    private static final List<String> BROKEN = broken();

    @TempDir
    private Path directory;

    private static List<String> broken() {
        List<String> lines = new ArrayList<>(Collections.nCopies(10_000, "a line that can be written"));
        lines.add("\ud800");
        return lines;
    }

    @Test
    void aDumpThatCannotBeWrittenWholeLeavesNothing() throws IOException {
        assertThatThrownBy(() -> new DumpStore(directory).put(BROKEN)).isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString()).hasMessageContaining("nothing is kept");
        assertThat(files()).isEmpty();
    }

    @Test
    void aDumpThatCannotBeWrittenWholeLeavesTheFileOfThatNameAsItWas() throws IOException {
        Path target = directory.resolve("mine.jsonl");
        DumpStore.write(target, WHOLE);
        assertThatThrownBy(() -> DumpStore.write(target, BROKEN)).isInstanceOf(IOException.class).hasMessageContaining("mine.jsonl");
        assertThat(files()).containsExactly(target);
        assertThat(target).hasContent(String.join("\n", WHOLE));
    }

    @Test
    void aNameThatIsADirectoryIsRefusedAndNothingIsLeft() throws IOException {
        Path target = Files.createDirectory(directory.resolve("taken"));
        Files.createFile(target.resolve("file"));
        assertThatThrownBy(() -> DumpStore.write(target, WHOLE)).isInstanceOf(IOException.class);
        assertThat(files()).containsExactly(target);
    }

    @Test
    void whenAllNamesAreTakenTheOldestGoesAndABrokenDumpTakesNone() throws IOException {
        DumpStore store = new DumpStore(directory);
        for (int i = 0; i < DumpStore.MOST_FILES; i++) {
            Path file = store.put(List.of("number " + i));
            Files.setLastModifiedTime(file, FileTime.fromMillis(i == 5 ? 1_000 : 2_000_000));
        }
        Path oldest = directory.resolve("openppu-dump-05.jsonl");
        assertThatThrownBy(() -> store.put(BROKEN)).isInstanceOf(IOException.class);
        assertThat(oldest).hasContent("number 5");
        assertThat(store.put(WHOLE)).isEqualTo(oldest);
        assertThat(oldest).hasContent(String.join("\n", WHOLE));
        assertThat(files()).hasSize(DumpStore.MOST_FILES);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
