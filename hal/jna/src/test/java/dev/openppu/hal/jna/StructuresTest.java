package dev.openppu.hal.jna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.library.LibraryHost;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What JNA makes of {@code ppu_device.h}: structures and functions are those of C. */
class StructuresTest {
    private static final Path STUBS = Path.of("../../native-stubs");

    private enum NoHost implements LibraryHost {
        INSTANCE;

        @Override
        public boolean dmaRead(long iova, MemorySegment buffer) {
            return false;
        }

        @Override
        public boolean dmaWrite(long iova, MemorySegment buffer) {
            return false;
        }

        @Override
        public void log(int level, String text) {}
    }

    /** As the C++ check of the header has them. */
    @Test
    void structuresHaveTheSizesOfC() throws IOException {
        assertThat(Files.readString(STUBS.resolve("test/header_check.cpp"))).contains(
                "sizeof(ppu_device_info) == " + new InfoStructure().size(),
                "sizeof(ppu_host) == " + new HostStructure(NoHost.INSTANCE).size(),
                "sizeof(ppu_device_bar) == " + new InfoStructure.Bar().size());
    }

    @Test
    void theFunctionsAreThoseOfTheHeader() throws IOException {
        List<String> here = Arrays.stream(DeviceFunctions.class.getDeclaredMethods()).filter(method -> !method.isSynthetic())
                .filter(method -> !java.lang.reflect.Modifier.isStatic(method.getModifiers())).map(DeviceFunctions::nameInC).toList();
        List<String> there = Pattern.compile("(?m)^PPU_DEVICE_EXPORT .*?(ppu_device_\\w+)\\(").matcher(
                Files.readString(STUBS.resolve("include/ppu_device.h"))).results().map(match -> match.group(1)).toList();
        assertThat(here).containsExactlyInAnyOrderElementsOf(there);
    }
}
