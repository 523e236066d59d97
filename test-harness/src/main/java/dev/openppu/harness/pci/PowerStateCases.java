package dev.openppu.harness.pci;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;
import java.util.List;

/** D0 and D3hot. */
final class PowerStateCases {
    /** PCIe 6.0, 5.9: from D3hot to D0, and from D0 to D3hot. */
    private static final long RECOVERY_NANOS = 10_000_000L;
    /** Where a device of software runs in real time, beside others. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int D1 = 1;
    private static final int D2 = 2;
    private static final int D1_SUPPORT = 1 << 9;
    private static final int D2_SUPPORT = 1 << 10;
    private static final int KEPT = 0x0D30_0D00;
    private static final int LOST = 0x0D30_0BAD;

    private PowerStateCases() {}

    static List<Case> cases() {
        return List.of(
                power("d3hot", "D3hot", "5.3.1.4", "In D3hot config space answers, memory reads end in all ones and writes go nowhere",
                        PowerStateCases::d3hot),
                power("back", "From D3hot to D0", "5.9",
                        "10 ms after the write of D0 the function is in D0, with all it had if No_Soft_Reset is set",
                        PowerStateCases::back),
                power("back-and-down", "From D3hot to D0 and down again at once", "5.3.1.4",
                        "In D3hot nothing answers and nothing is sent, however short the function was in D0 before",
                        PowerStateCases::backAndDown).needing(Observable.RAW_CONFIG_SPACE, Observable.MSIX_MASKING),
                power("unsupported", "States that there are not", "7.5.2.2",
                        "A write of a state that the function does not support changes nothing",
                        PowerStateCases::unsupported),
                power("interrupts", "Interrupts in D3hot", "5.3.1.4",
                        "In D3hot no message is sent; one that is pending goes out in D0, once",
                        PowerStateCases::interrupts).needing(Observable.RAW_CONFIG_SPACE, Observable.MSIX_MASKING),
                power("reset", "Function-level reset in D3hot", "6.6.2", "A function-level reset leads from D3hot to D0",
                        PowerStateCases::reset));
    }

    private static Case power(String id, String title, String clause, String rule, Case.Body body) {
        return Case.of("pci.power." + id, title, Rule.pcie(clause, rule), body).needing(Observable.RAW_CONFIG_SPACE);
    }

    private static int register(ConfigSpace config) {
        return CapabilityCases.find(config, PowerManagement.ID) + PowerManagement.CONTROL_STATUS;
    }

    private static int state(ConfigSpace config) {
        return config.read16(register(config)) & PowerManagement.POWER_STATE_MASK;
    }

    private static void write(ConfigSpace config, int state) {
        int register = register(config);
        config.write16(register, config.read16(register) & ~PowerManagement.POWER_STATE_MASK | state);
    }

    private static void sleepOver(Bench bench, int state) {
        write(bench.link().config(), state);
        bench.link().runtime().sleep(bench.link().runtime().scaled(RECOVERY_NANOS));
    }

    /** Back to D0, and ready for memory requests. */
    private static void wake(Bench bench) {
        write(bench.link().config(), PowerManagement.D0);
        IdRegs id = bench.registers().id();
        boolean simulated = bench.link().runtime().simulated();
        if (!bench.function().poll(() -> id.readMagic() == PpuIds.MAGIC, simulated ? RECOVERY_NANOS : PATIENCE_NANOS)) {
            throw new CheckFailedException("id.magic 10 ms after the write of D0", "0x%08x".formatted(id.readMagic()));
        }
    }

    private static void d3hot(Bench bench) {
        ConfigSpace config = bench.link().config();
        IdRegs id = bench.registers().id();
        int ids = config.read32(Header.VENDOR_ID);
        id.writeTest(KEPT);
        Check.hex("id.test in D0", KEPT, id.readTest());
        sleepOver(bench, PowerManagement.D3HOT);
        try {
            Check.equal("power state", PowerManagement.D3HOT, state(config));
            Check.hex("ids in D3hot", ids, config.read32(Header.VENDOR_ID));
            Check.hex("id.magic in D3hot", -1, id.readMagic());
            id.writeTest(LOST);
            Check.hex("id.test in D3hot", -1, id.readTest());
        } finally {
            wake(bench);
            bench.function().restore();
        }
        Check.equal("power state", PowerManagement.D0, state(config));
        Check.hex("id.magic in D0", PpuIds.MAGIC, id.readMagic());
        Check.that(id.readTest() != LOST, "a write in D3hot goes nowhere", "id.test has it");
    }

    private static void back(Bench bench) {
        ConfigSpace config = bench.link().config();
        IdRegs id = bench.registers().id();
        boolean keeps = (config.read16(register(config)) & PowerManagement.NO_SOFT_RESET) != 0;
        if (!keeps) {
            throw new SkippedException("No_Soft_Reset is clear: what the function keeps is not defined");
        }
        bench.disableInterrupts();
        List<ConfigRegister> registers = ConfigMap.all(config);
        id.writeTest(KEPT);
        bench.vectorTable().entry(0).writeData(KEPT);
        int[] bars = BarCases.registers(config);
        int[] before = registers.stream().mapToInt(each -> each.read(config)).toArray();
        sleepOver(bench, PowerManagement.D3HOT);
        wake(bench);
        for (int i = 0; i < before.length; i++) {
            ConfigRegister register = registers.get(i);
            int judged = register.judged() & ~register.cleared();
            Check.hex(register.name() + " after D3hot", before[i] & judged, register.read(config) & judged);
        }
        for (int i = 0; i < bars.length; i++) {
            Check.hex("BAR%d's register after D3hot".formatted(i), bars[i], config.read32(Header.bar(i)));
        }
        Check.hex("id.test after D3hot", KEPT, id.readTest());
        Check.hex("data of vector 0 after D3hot", KEPT, bench.vectorTable().entry(0).readData());
        bench.vectorTable().entry(0).writeData(0);
    }

    /** What began on the way to D0 must not end in D3hot. */
    private static void backAndDown(Bench bench) {
        ConfigSpace config = bench.link().config();
        int control = CapabilityCases.find(config, Msix.ID) + Msix.MESSAGE_CONTROL;
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        IdRegs id = bench.registers().id();
        int vector = 2;
        long before = interrupts.delivered(vector);
        config.write16(control, config.read16(control) | Msix.FUNCTION_MASK);
        messages.fire(vector);
        id.readMagic();
        sleepOver(bench, PowerManagement.D3HOT);
        config.write16(control, config.read16(control) & ~Msix.FUNCTION_MASK);
        write(config, PowerManagement.D0);
        write(config, PowerManagement.D3HOT);
        messages.settle(); // a function that is back at once may have sent it in D0
        long down = interrupts.delivered(vector);
        sleepOver(bench, PowerManagement.D3HOT);
        int seen = id.readMagic();
        long asleep = interrupts.delivered(vector);
        int state = state(config);
        wake(bench);
        bench.function().restore();
        Check.equal("power state after D0 and D3hot at once", PowerManagement.D3HOT, state);
        Check.hex("id.magic in D3hot", -1, seen);
        Check.equal("messages in D3hot", down, asleep);
        messages.await(vector, before + 1);
        messages.settle();
        Check.equal("messages in all", before + 1, interrupts.delivered(vector));
    }

    private static void unsupported(Bench bench) {
        ConfigSpace config = bench.link().config();
        IdRegs id = bench.registers().id();
        int capabilities = config.read16(CapabilityCases.find(config, PowerManagement.ID) + PowerManagement.CAPABILITIES);
        for (int from : new int[]{PowerManagement.D0, PowerManagement.D3HOT}) {
            sleepOver(bench, from);
            try {
                for (int wanted : new int[]{D1, D2}) {
                    if ((capabilities & (wanted == D1 ? D1_SUPPORT : D2_SUPPORT)) == 0) {
                        sleepOver(bench, wanted);
                        Check.equal("power state after a write of D%d in D%d".formatted(wanted, from), from, state(config));
                    }
                }
            } finally {
                wake(bench);
                bench.function().restore();
            }
            Check.hex("id.magic in D0", PpuIds.MAGIC, id.readMagic());
        }
    }

    private static void interrupts(Bench bench) {
        ConfigSpace config = bench.link().config();
        int control = CapabilityCases.find(config, Msix.ID) + Msix.MESSAGE_CONTROL;
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        int vector = 1;
        long before = interrupts.delivered(vector);
        config.write16(control, config.read16(control) | Msix.FUNCTION_MASK);
        messages.fire(vector);
        bench.registers().id().readMagic();
        sleepOver(bench, PowerManagement.D3HOT);
        config.write16(control, config.read16(control) & ~Msix.FUNCTION_MASK);
        messages.settle();
        long asleep = interrupts.delivered(vector);
        wake(bench);
        bench.function().restore();
        Check.equal("messages in D3hot", before, asleep);
        messages.await(vector, before + 1);
        messages.settle();
        Check.equal("messages in D0", before + 1, interrupts.delivered(vector));
    }

    private static void reset(Bench bench) {
        bench.function().requireReset(ResetKind.FUNCTION_LEVEL);
        IdRegs id = bench.registers().id();
        sleepOver(bench, PowerManagement.D3HOT);
        bench.function().reset(ResetKind.FUNCTION_LEVEL);
        Check.equal("power state after the reset", PowerManagement.D0, state(bench.link().config()));
        Check.hex("id.magic after the reset", PpuIds.MAGIC, id.readMagic());
    }
}
