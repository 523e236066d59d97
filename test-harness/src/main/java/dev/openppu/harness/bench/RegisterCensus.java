package dev.openppu.harness.bench;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.RegisterInstance;
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
            found.addAll(registers(bar, ppuMap(bar)));
        }
        return new RegisterCensus(found);
    }

    /** Those of another map, which BAR {@code bar} shows from its offset 0 on. */
    public static RegisterCensus of(int bar, AddressMap map) {
        return new RegisterCensus(registers(bar, map));
    }

    private static List<MappedRegister> registers(int bar, AddressMap map) {
        return Expansion.registers(map)
                .map(each -> new MappedRegister(bar, each.pathInRoot(), blockName(each), each.address(), each.register())).toList();
    }

    /** The elaborated map of a BAR of the PPU's, as hal-abi ships it. */
    public static AddressMap ppuMap(int bar) {
        return load("ppu_bar" + bar + ".map.json");
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

    /** The outermost block without its index; a register directly in the map is a block of its own. */
    private static String blockName(RegisterInstance register) {
        String block = register.outermostBlock().isEmpty() ? register.pathInRoot() : register.outermostBlock();
        return block.replaceFirst("\\[.*", "");
    }

    private static AddressMap load(String resource) {
        try (InputStream in = Objects.requireNonNull(PpuBar0Regs.class.getResourceAsStream(resource), resource)) {
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the register map " + resource, e);
        }
    }
}
