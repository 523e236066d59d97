package dev.openppu.model.registers;

import dev.openppu.abi.PpuIds;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The compiled register maps that ship with the ABI. Immutable.
 *
 * @param registers of BAR0
 * @param doorbells of BAR4
 */
public record CompiledMaps(AddressMap registers, AddressMap doorbells) {

    /** Reads both maps from the ABI's resources. */
    public static CompiledMaps load() {
        return new CompiledMaps(load("ppu_bar0"), load("ppu_bar4"));
    }

    private static AddressMap load(String name) {
        String resource = "/dev/openppu/abi/reg/" + name + ".map.json";
        try (InputStream in = Objects.requireNonNull(PpuIds.class.getResourceAsStream(resource), resource)) {
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the compiled register map " + name + " cannot be read", e);
        }
    }
}
