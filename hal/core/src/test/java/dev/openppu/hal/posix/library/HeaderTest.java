package dev.openppu.hal.posix.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.library.LibraryContract;
import dev.openppu.hal.library.LibraryResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Java and {@code ppu_device.h} share is the same, number by number. */
class HeaderTest {
    private static final Pattern DEFINE = Pattern.compile("(?m)^#define (PPU_\\w+) \\(?(-?\\d+)u?\\)?(?: |$)");

    private static Map<String, Integer> constants() throws IOException {
        Map<String, Integer> constants = new HashMap<>();
        Matcher defines = DEFINE.matcher(Files.readString(Path.of("../../native-stubs/include/ppu_device.h")));
        while (defines.find()) {
            constants.put(defines.group(1), Integer.parseInt(defines.group(2)));
        }
        return constants;
    }

    @Test
    void constantsAreThoseOfTheHeader() throws IOException {
        assertThat(constants()).containsEntry("PPU_DEVICE_ABI_MAJOR", LibraryContract.ABI_MAJOR)
                .containsEntry("PPU_DEVICE_BARS", LibraryContract.BARS)
                .containsEntry("PPU_DEVICE_SIMULATED", LibraryContract.SIMULATED)
                .containsEntry("PPU_DEVICE_STEPPED", LibraryContract.STEPPED)
                .containsEntry("PPU_BAR_MAPPABLE", LibraryContract.MAPPABLE)
                .containsEntry("PPU_DMA_READ", LibraryContract.DMA_READ)
                .containsEntry("PPU_DMA_WRITE", LibraryContract.DMA_WRITE)
                .containsEntry("PPU_RESET_FUNCTION_LEVEL", 0).containsEntry("PPU_RESET_SECONDARY_BUS", 1)
                .containsEntry("PPU_RESET_COLD", 2);
    }

    @Test
    void everyResultHasItsName() throws IOException {
        Map<String, Integer> results = new HashMap<>();
        constants().forEach((name, value) -> {
            if (name.startsWith("PPU_E_")) {
                results.put(name.substring("PPU_E_".length()), value);
            }
        });
        Map<String, Integer> known = new HashMap<>();
        for (LibraryResult result : LibraryResult.values()) {
            if (result != LibraryResult.OK) {
                known.put(result.name(), result.code());
            }
        }
        assertThat(results).isEqualTo(known);
    }

    /** As the C++ check of the header has them. */
    @Test
    void structuresHaveTheSizesOfC() throws IOException {
        String check = Files.readString(Path.of("../../native-stubs/test/header_check.cpp"));
        assertThat(check).contains("sizeof(ppu_device_info) == " + DeviceCalls.INFO.byteSize(),
                "sizeof(ppu_host) == " + DeviceCalls.HOST.byteSize(),
                "sizeof(ppu_device_bar) == " + DeviceCalls.BAR.byteSize());
    }
}
