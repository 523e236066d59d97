package dev.openppu.harness.pci;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.owner.DeviceMemoryPort;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What a function-level reset takes, what it leaves, and how long it may last. */
final class FunctionResetCases {
    /** PCIe 6.0, 6.6.2: the function has finished within this time. */
    private static final long LONGEST_NANOS = 100_000_000L;
    /** Where a device of software runs in real time, beside others. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int LAST_FUNCTION_LEVEL = 2;
    private static final int WRITTEN = 0x0F1A_0001;
    private static final long CONTENT = 0x0F1A_0002_0F1A_0003L;

    private FunctionResetCases() {}

    static List<Case> cases() {
        return List.of(
                reset("config", "Config space", Rule.pcie("6.6.2",
                        "A function-level reset puts every register and bit back, but those that are sticky, Max_Payload_Size and Link Control"),
                        FunctionResetCases::config).needing(Observable.RAW_CONFIG_SPACE),
                reset("device", "Registers and device memory",
                        Rule.guide(1,
                                "A function-level reset clears registers, but those of cold_rst, and leaves device memory; boot.resets counts it"),
                        FunctionResetCases::device),
                reset("time", "Ready within 100 ms", Rule.pcie("6.6.2", "Config requests are answered 100 ms after the reset was begun"),
                        FunctionResetCases::time).needing(Observable.RESET_WINDOW),
                reset("pending", "Transactions Pending",
                        Rule.pcie("7.5.3.5", "A function without requests under way shows Transactions Pending as 0"),
                        FunctionResetCases::pending).needing(Observable.RAW_CONFIG_SPACE));
    }

    private static Case reset(String id, String title, Rule rule, Case.Body body) {
        return Case.of("pci.flr." + id, "Function-level reset: " + title, rule, bench -> {
            bench.function().requireReset(ResetKind.FUNCTION_LEVEL);
            body.run(bench);
        });
    }

    private static void config(Bench bench) {
        ConfigSpace config = bench.link().config();
        bench.function().resetOnly(ResetKind.FUNCTION_LEVEL);
        List<ConfigRegister> registers = ConfigMap.all(config);
        int[] fresh = registers.stream().mapToInt(each -> each.read(config)).toArray();
        int[] bars = BarCases.registers(config);
        bench.function().restore();
        for (ConfigRegister register : registers) {
            register.write(config, register.bits() & ~register.spared() | register.read(config) & register.spared() & ~register.zero());
        }
        int[] dirty = registers.stream().mapToInt(each -> each.read(config)).toArray();
        bench.function().resetOnly(ResetKind.FUNCTION_LEVEL);
        try {
            Check.hex("command register after a reset", 0, config.read16(Header.COMMAND));
            int control = CapabilityCases.find(config, Msix.ID) + Msix.MESSAGE_CONTROL;
            Check.hex("MSI-X Enable and Function Mask after a reset", 0, config.read16(control) & (Msix.ENABLE | Msix.FUNCTION_MASK));
            for (int i = 0; i < fresh.length; i++) {
                ConfigRegister register = registers.get(i);
                int seen = register.read(config);
                int cleared = register.judged() & ~register.kept();
                Check.hex(register.name() + " after a reset", fresh[i] & cleared, seen & cleared);
                Check.hex(register.name() + " after a reset, which leaves these bits", dirty[i] & register.kept(), seen & register.kept());
            }
            for (int i = 0; i < bars.length; i++) {
                Check.hex("BAR%d's register after a reset".formatted(i), bars[i], config.read32(Header.bar(i)));
            }
        } finally {
            bench.function().restore();
        }
    }

    private static void device(Bench bench) {
        DeviceMemoryPort memory = bench.bare().memory();
        PpuBar0Regs registers = bench.registers();
        long place = registers.memory().readSize() / 2;
        memory.write64(place, CONTENT);
        memory.flush();
        registers.id().writeTest(WRITTEN);
        registers.fw().writeScratch(0, WRITTEN);
        registers.fw().writeStickyScratch(0, WRITTEN);
        registers.interrupts().writeModeration(1);
        int resets = BootRegs.Resets.count(registers.boot().readResets());
        bench.function().reset(ResetKind.FUNCTION_LEVEL);
        Check.hex("id.test", 0, registers.id().readTest());
        Check.hex("fw.scratch[0]", 0, registers.fw().readScratch(0));
        Check.hex("interrupts.moderation", 0, registers.interrupts().readModeration());
        Check.hex("fw.sticky_scratch[0]", WRITTEN, registers.fw().readStickyScratch(0));
        Check.equal("boot.resets.count", resets + 1, BootRegs.Resets.count(registers.boot().readResets()));
        Check.equal("boot.resets.last", LAST_FUNCTION_LEVEL, BootRegs.Resets.last(registers.boot().readResets()));
        MemorySegment content = MemorySegment.ofArray(new byte[Long.BYTES]);
        bench.bare().memory().read(place, content);
        Check.hex("device memory", CONTENT, content.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    }

    private static void time(Bench bench) {
        bench.disableInterrupts();
        LinkRuntime runtime = bench.link().runtime();
        ConfigSpace config = bench.link().config();
        long begun = runtime.nanos();
        bench.link().reset(ResetKind.FUNCTION_LEVEL);
        boolean ready = bench.function().poll(() -> config.read32(Header.VENDOR_ID) != -1,
                runtime.simulated() ? LONGEST_NANOS : PATIENCE_NANOS);
        long took = runtime.nanos() - begun;
        bench.function().awaitReady();
        bench.function().restore();
        Check.that(ready, "config requests are answered within 100 ms", "not after %.1f ms".formatted(took / 1e6));
        bench.note("%.2f ms".formatted(took / 1e6));
    }

    private static void pending(Bench bench) {
        ConfigSpace config = bench.link().config();
        int status = CapabilityCases.find(config, Express.ID) + Express.DEVICE_STATUS;
        bench.function().reset(ResetKind.FUNCTION_LEVEL);
        Check.that(bench.function().poll(() -> (config.read16(status) & Express.TRANSACTIONS_PENDING) == 0, PATIENCE_NANOS),
                "Transactions Pending of a function that does nothing is 0", "1");
    }
}
