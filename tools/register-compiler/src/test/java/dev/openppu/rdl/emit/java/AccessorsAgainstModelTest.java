package dev.openppu.rdl.emit.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.emit.CompiledAccessors;
import dev.openppu.rdl.emit.HardMaps;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accessors of hard and of random maps do, register by register and field by field, what the map says. */
class AccessorsAgainstModelTest {

    @TempDir
    private Path folder;

    private int walk(AddressMap map, long seed) throws Exception {
        try (CompiledAccessors accessors = new CompiledAccessors(folder, List.of(map), Map.of())) {
            return new AccessorWalk(accessors, map, new Random(seed)).walk(map);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomMap(long seed) throws Exception {
        String text = new RandomMap(seed).text();
        assertThat(walk(Rdl.map(text), seed)).as(text).isPositive();
    }

    static Stream<String> hardMaps() {
        return HardMaps.texts();
    }

    @ParameterizedTest
    @MethodSource("hardMaps")
    void hardMap(String text) throws Exception {
        assertThat(walk(Rdl.map(text), 1)).isPositive();
    }

    @ParameterizedTest
    @MethodSource("hardMaps")
    void theHardwaresViewSharesTheEnums(String text) throws IOException {
        AddressMap map = Rdl.map(text);
        Map<String, String> hardware = new HashMap<>();
        new JavaEmitter("hardware", "regs", JavaEmitter.View.HARDWARE, "test.rdl").emit(List.of(map))
                .forEach((name, contents) -> hardware.put("hardware/" + name, contents));
        assertThat(hardware.keySet()).noneMatch(name -> name.equals("hardware/State.java"));
        new CompiledAccessors(folder, List.of(map), hardware).close();
    }

    @Test
    void registersOfTheProject() throws Exception {
        for (AddressMap map : new RdlCompiler().add(Path.of("../../hal/abi/src/main/rdl/ppu.rdl")).compile().maps().values()) {
            assertThat(walk(map, 1)).isGreaterThan(10);
        }
    }
}
