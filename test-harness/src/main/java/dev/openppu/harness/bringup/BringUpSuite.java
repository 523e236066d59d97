package dev.openppu.harness.bringup;

import dev.openppu.harness.Suite;
import dev.openppu.harness.bench.RegisterCensus;
import java.util.List;

/** From power-on to a kernel's result, and every way that can go wrong on the way. */
public final class BringUpSuite {
    private BringUpSuite() {}

    public static Suite suite() {
        return new Suite("bringup", "Bring-up",
                List.of(ConfigSpaceCases.stage(), RegisterCases.stage(RegisterCensus.ofPpu()), BootCases.stage(), FirmwareCases.stage(),
                        InterruptCases.stage(),
                        DmaCases.stage(), QueueCases.stage(), KernelCases.stage(), FaultCases.stage(), ShutdownCases.stage()));
    }
}
