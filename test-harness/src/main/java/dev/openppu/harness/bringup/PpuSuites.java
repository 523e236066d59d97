package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.Suites.Named;
import dev.openppu.harness.bench.RegisterCensus;
import dev.openppu.harness.pci.PciSuite;
import dev.openppu.harness.registers.Exclusions;
import dev.openppu.harness.registers.MapUnderTest;
import dev.openppu.harness.registers.RegisterSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PPU's suites: each of the bring-up's stages on a subject, and the hard cases on it. */
public final class PpuSuites {
    private PpuSuites() {}

    /**
     * In the order in which they run.
     *
     * @param more that the registers suite leaves out
     */
    public static List<Named> all(Exclusions more) {
        return List.of(
                new Named("bringup", "From power-on to a kernel's result, and every way that can go wrong on the way",
                        _ -> BringUpSuite.suite().stages()),
                new Named("registers", "Every register of the map, by every sequence",
                        settings -> join(List.of(RegisterCases.stage(RegisterCensus.ofPpu())), registers(settings, more))),
                new Named("pci", "Config space, BARs, MSI-X, power states, resets of the function",
                        settings -> join(List.of(ConfigSpaceCases.stage()), PciSuite.stages(settings))),
                new Named("queues", "Rings, doorbells, packets, barriers",
                        settings -> List.of(QueueCases.stage(), PacketCases.stage(), FailureCases.stage(), PriorityCases.stage(),
                                ProducerCases.stage(settings))),
                new Named("dma", "Copies and host memory",
                        settings -> List.of(DmaCases.stage(), TransferCases.stage(settings), CopyCases.stage(settings),
                                CountCases.stage())),
                new Named("interrupts", "Vectors, masks, causes, moderation, storms",
                        settings -> List.of(InterruptCases.stage(), CauseCases.stage(settings), ModerationCases.stage(settings))),
                new Named("memory", "Page tables and kernels that go wrong",
                        _ -> List.of(TranslationCases.stage(), SpaceCases.stage(), EccCases.stage(), RetirementCases.stage(),
                                ScrubCases.stage(), FaultCases.stage())),
                new Named("compute", "Kernels and what instructions compute",
                        settings -> List.of(KernelCases.stage(), CatalogueCases.stage(settings))),
                new Named("firmware", "Boot, images, messages",
                        settings -> List.of(BootCases.stage(), ImageCases.stage(settings), FirmwareCases.stage(),
                                MessageCases.stage(settings), RingEndCases.stage(), ContextEndCases.stage(), LogCases.stage(),
                                CrashCases.stage(),
                                UpdateCases.stage())),
                new Named("reset", "Resets and shutdown",
                        settings -> List.of(ShutdownCases.stage(), EngineResetCases.stage(settings), ResetCases.stage(settings))),
                new Named("power", "Power, temperature, clocks",
                        _ -> List.of(PowerCases.stage(), HeatCases.stage(), PowerLoadCases.stage())));
    }

    private static List<Stage> registers(SuiteSettings settings, Exclusions more) {
        List<MapUnderTest> maps = Stream.of(PpuIds.BAR_REGISTERS, PpuIds.BAR_DOORBELLS)
                .map(bar -> new MapUnderTest(bar, RegisterCensus.ppuMap(bar), "ppu.rdl")).toList();
        return new RegisterSuite(maps, Exclusions.ofPpu().and(more), Presence::absent, settings).stages();
    }

    private static List<Stage> join(List<Stage> first, List<Stage> second) {
        List<Stage> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
