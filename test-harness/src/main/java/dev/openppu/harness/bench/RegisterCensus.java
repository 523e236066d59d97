package dev.openppu.harness.bench;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Every register of the elaborated maps, arrays unrolled. Immutable. */
public final class RegisterCensus {
    private final List<MappedRegister> registers;

    private RegisterCensus(List<MappedRegister> registers) {
        this.registers = List.copyOf(registers);
    }

    /** The PPU's, as hal-abi ships them. */
    public static RegisterCensus ofPpu() {
        List<MappedRegister> found = new ArrayList<>();
        for (int bar : new int[]{PpuIds.BAR_REGISTERS, PpuIds.BAR_DOORBELLS}) {
            AddressMap map = load("ppu_bar" + bar + ".map.json");
            map.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast)
                    .forEach(child -> unroll(found, bar, "", child.name(), 0, child));
        }
        return new RegisterCensus(found);
    }

    /** By BAR and offset. */
    public List<MappedRegister> all() {
        return registers;
    }

    /** The registers of a block, named as in {@link MappedRegister#block}. */
    public List<MappedRegister> of(int bar, String block) {
        return registers.stream().filter(r -> r.bar() == bar && r.block().equals(block)).toList();
    }

    /** Names of the blocks of a BAR in order. */
    public List<String> blocks(int bar) {
        return registers.stream().filter(r -> r.bar() == bar).map(MappedRegister::block).distinct().toList();
    }

    private static void unroll(List<MappedRegister> found, int bar, String prefix, String block, long base, Addressable node) {
        long count = node.array().count();
        for (long i = 0; i < count; i++) {
            long at = base + node.offset() + node.array().stride() * i;
            String path = prefix + node.name() + (node.array().isArray() ? "[" + i + "]" : "");
            switch (node) {
                case Register register -> found.add(new MappedRegister(bar, path, block, at, register));
                case Block inner -> inner.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast)
                        .forEach(child -> unroll(found, bar, path + ".", block, at, child));
            }
        }
    }

    private static AddressMap load(String resource) {
        try (InputStream in = Objects.requireNonNull(PpuBar0Regs.class.getResourceAsStream(resource), resource)) {
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the register map " + resource, e);
        }
    }
}
