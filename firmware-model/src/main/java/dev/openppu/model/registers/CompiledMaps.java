package dev.openppu.model.registers;

import dev.openppu.abi.PpuIds;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The compiled register maps that ship with the ABI, read once and shared by all devices. Immutable.
 *
 * @param registers of BAR0
 * @param doorbells of BAR4
 */
public record CompiledMaps(RegisterMap registers, RegisterMap doorbells) {

    private static final class Shipped {
        static final CompiledMaps MAPS = new CompiledMaps(load("ppu_bar0"), load("ppu_bar4"));
    }

    /** Both maps, from the ABI's resources. */
    public static CompiledMaps shipped() {
        return Shipped.MAPS;
    }

    private static RegisterMap load(String name) {
        String resource = "/dev/openppu/abi/reg/" + name + ".map.json";
        try (InputStream in = Objects.requireNonNull(PpuIds.class.getResourceAsStream(resource), resource)) {
            return new RegisterMap(AddressMap.load(in));
        } catch (IOException e) {
            throw new UncheckedIOException("the compiled register map " + name + " cannot be read", e);
        }
    }
}
