package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.ForbiddenAccess;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bench.RegisterCensus;
import java.util.ArrayList;
import java.util.List;

/** Stage 2: every register of the elaborated map. */
final class RegisterCases {
    private static final long BOOT_ROM_NANOS = 1_000_000_000L;
    private static final int RESET_FUNCTION_LEVEL = 2;

    private RegisterCases() {}

    static Stage stage(RegisterCensus census) {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of("registers.reset", "Reset to begin with", Rule.guide(1, "A reset leaves every register at its reset value"),
                RegisterCases::reset));
        for (int bar : new int[]{PpuIds.BAR_REGISTERS, PpuIds.BAR_DOORBELLS}) {
            for (String block : census.blocks(bar)) {
                cases.add(resetValues(census, bar, block));
            }
        }
        for (int bar : new int[]{PpuIds.BAR_REGISTERS, PpuIds.BAR_DOORBELLS}) {
            for (String block : census.blocks(bar)) {
                List<MappedRegister> writable = census.of(bar, block).stream().filter(r -> RegisterWrites.allowed(r) != 0).toList();
                if (!writable.isEmpty()) {
                    cases.add(writeRead(writable, bar, block));
                }
            }
        }
        cases.add(Case.of("registers.read-only", "Read-only fields ignore writes",
                Rule.map("A field with sw=r keeps its value when software writes"),
                bench -> RegisterWrites.readOnlyFieldsIgnoreWrites(bench, census.all())));
        cases.add(Case.of("registers.wide", "64-bit access", Rule.map("A 64-bit register is written and read in one access"),
                RegisterCases::wide));
        cases.add(Case.of("registers.write-one-clears", "Write 1 to clear",
                Rule.map("interrupts.raw: a bit holds until software writes 1 to it"),
                RegisterCases::writeOneClears));
        cases.add(Case.of("registers.enable-gates-status", "Enable gates status", Rule.map("interrupts.status is raw and enable"),
                RegisterCases::enableGates));
        cases.add(Case.of("registers.absent", "Absent blocks",
                Rule.guide(2, "A block whose capability bit is 0 reads as zero and ignores writes"),
                bench -> absentBlocks(bench, census)));
        cases.add(
                Case.of("registers.reserved", "Reserved address", Rule.guide(2, "An access outside the map reads zero and writes nothing"),
                        RegisterCases::reserved));
        cases.add(Case.of("registers.width", "Wrong width", Rule.guide(2, "An access of another width reads zero and writes nothing"),
                RegisterCases::wrongWidth));
        cases.add(Case.of("registers.sticky", "Reset domains",
                Rule.map("A field in cold_rst survives a function-level reset; every other is cleared; boot.resets counts"),
                RegisterCases::sticky));
        cases.add(Case.of("registers.timer", "Device time", Rule.guide(5, "timer.now is device time in nanoseconds and never goes back"),
                RegisterCases::timer));
        return new Stage("registers", "Registers", cases);
    }

    private static void reset(Bench bench) {
        ResetKind kind = bench.function().resetThoroughly();
        Check.hex("id.magic", PpuIds.MAGIC, bench.registers().id().readMagic());
        bench.note(kind + " reset");
    }

    private static Case resetValues(RegisterCensus census, int bar, String block) {
        List<MappedRegister> registers = census.of(bar, block);
        String name = block + (bar == 0 ? "" : "-bar" + bar);
        return Case.of("registers.reset-value." + name.replace('_', '-'), "Reset values: " + block + (bar == 0 ? "" : " (BAR" + bar + ")"),
                Rule.map("Every field reads its reset value after a reset"), bench -> {
                    Presence.require(bench, block);
                    int compared = ResetValues.compare(bench, registers, bench.function().canReset(ResetKind.COLD));
                    bench.note("%d of %d registers".formatted(compared, registers.size()));
                });
    }

    private static Case writeRead(List<MappedRegister> registers, int bar, String block) {
        String name = block + (bar == 0 ? "" : "-bar" + bar);
        return Case.of("registers.write-read." + name.replace('_', '-'), "Write and read: " + block + (bar == 0 ? "" : " (BAR" + bar + ")"),
                Rule.map("A field with sw=rw reads what software wrote"), bench -> {
                    Presence.require(bench, block);
                    List<MappedRegister> present = registers.stream().filter(register -> Presence.present(bench, register)).toList();
                    present.forEach(register -> RegisterWrites.writeRead(bench.mmio(register.bar()), register));
                    bench.note(present.size() + " of " + registers.size() + " registers");
                });
    }

    private static void wide(Bench bench) {
        IdRegs id = bench.registers().id();
        id.writeTest64(0x0123_4567_89ab_cdefL);
        Check.hex("id.test64", 0x0123_4567_89ab_cdefL, id.readTest64());
        id.writeTest64(0);
    }

    private static void writeOneClears(Bench bench) {
        awaitRom(bench);
        InterruptsRegs interrupts = bench.registers().interrupts();
        int raw = interrupts.readRaw();
        Check.that(InterruptsRegs.Raw.boot(raw), "interrupts.raw.boot is set after ROM_INIT", "0x%x".formatted(raw));
        interrupts.writeRaw(0);
        Check.hex("raw.boot after writing 0", InterruptsRegs.Raw.BOOT_MASK, interrupts.readRaw() & InterruptsRegs.Raw.BOOT_MASK);
        interrupts.writeRaw(InterruptsRegs.Raw.BOOT_MASK);
        Check.hex("raw.boot after writing 1", 0, interrupts.readRaw() & InterruptsRegs.Raw.BOOT_MASK);
    }

    private static void enableGates(Bench bench) {
        bench.function().resetMildly();
        awaitRom(bench);
        InterruptsRegs interrupts = bench.registers().interrupts();
        Check.hex("status with nothing enabled", 0, interrupts.readStatus());
        interrupts.writeEnable(InterruptsRegs.Enable.BOOT_MASK);
        Check.hex("status with boot enabled", InterruptsRegs.Status.BOOT_MASK, interrupts.readStatus());
        interrupts.writeEnable(0);
        Check.hex("status after disabling", 0, interrupts.readStatus());
    }

    private static void awaitRom(Bench bench) {
        BootRegs boot = bench.registers().boot();
        Check.that(bench.function().poll(() -> BootRegs.Status.state(boot.readStatus()) == BootState.ROM_READY.value(), BOOT_ROM_NANOS),
                "boot.status.state ROM_READY within 1 s", "state " + BootRegs.Status.state(boot.readStatus()));
    }

    private static void absentBlocks(Bench bench, RegisterCensus census) {
        List<String> absent = census.blocks(PpuIds.BAR_REGISTERS).stream().filter(block -> !Presence.present(bench, block)).toList();
        if (absent.isEmpty()) {
            throw new SkippedException("every block is present");
        }
        for (String block : absent) {
            for (MappedRegister register : census.of(PpuIds.BAR_REGISTERS, block)) {
                register.write(bench.mmio(register.bar()), -1);
                Check.hex(register.path() + " of an absent block after writing all ones", 0, register.read(bench.mmio(register.bar())));
            }
        }
        bench.note("absent: " + String.join(", ", absent));
    }

    private static void reserved(Bench bench) {
        ForbiddenAccess access = bench.forbidden();
        Check.hex("a reserved address", 0, access.readReserved());
        access.writeReserved();
        Check.hex("a reserved address after a write", 0, access.readReserved());
    }

    private static void wrongWidth(Bench bench) {
        IdRegs id = bench.registers().id();
        ForbiddenAccess access = bench.forbidden();
        Check.hex("16 bits of id.magic", 0, access.readNarrow());
        Check.hex("64 bits of id.magic", 0, access.readWide());
        id.writeTest(0x1234_5678);
        access.writeNarrow();
        Check.hex("id.test after a 16-bit write", 0x1234_5678, id.readTest());
        id.writeTest(0);
    }

    private static void sticky(Bench bench) {
        bench.function().requireReset(ResetKind.FUNCTION_LEVEL);
        PpuBar0Regs registers = bench.registers();
        int before = BootRegs.Resets.count(registers.boot().readResets());
        for (int i = 0; i < FwRegs.SCRATCH_COUNT; i++) {
            registers.fw().writeScratch(i, 0x1111 * (i + 1));
            registers.fw().writeStickyScratch(i, 0x2222 * (i + 1));
        }
        bench.function().reset(ResetKind.FUNCTION_LEVEL);
        for (int i = 0; i < FwRegs.SCRATCH_COUNT; i++) {
            Check.hex("fw.scratch[%d] after FLR".formatted(i), 0, registers(bench).fw().readScratch(i));
            Check.hex("fw.sticky_scratch[%d] after FLR".formatted(i), 0x2222L * (i + 1), registers(bench).fw().readStickyScratch(i));
        }
        int resets = registers(bench).boot().readResets();
        Check.equal("boot.resets.count", before + 1, BootRegs.Resets.count(resets));
        Check.equal("boot.resets.last", RESET_FUNCTION_LEVEL, BootRegs.Resets.last(resets));
        if (bench.function().canReset(ResetKind.COLD)) {
            bench.function().reset(ResetKind.COLD);
            Check.hex("fw.sticky_scratch[0] after a cold reset", 0, registers(bench).fw().readStickyScratch(0));
        }
    }

    private static PpuBar0Regs registers(Bench bench) {
        return bench.registers();
    }

    private static void timer(Bench bench) {
        DeviceLink link = bench.link();
        long first = bench.registers().timer().readNow();
        link.runtime().sleep(1_000_000);
        long second = bench.registers().timer().readNow();
        if (second - first < 1_000_000) {
            throw new CheckFailedException("at least 1 ms of device time in 1 ms of the link's", (second - first) + " ns");
        }
        bench.note("%d ns in 1 ms".formatted(second - first));
    }
}
