package dev.openppu.harness.pci;

import dev.openppu.harness.Case;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import java.util.List;
import java.util.stream.Stream;

/** The hard cases about the PCI function. */
public final class PciSuite {
    private PciSuite() {}

    /** In an order in which what resets the function comes last. */
    public static List<Stage> stages(SuiteSettings settings) {
        return List.of(
                new Stage("pci-config", "Config space, bit by bit", join(CapabilityCases.cases(), ConfigCases.cases())),
                new Stage("pci-bars", "BARs and the command register", join(BarCases.cases(), CommandCases.cases())),
                new Stage("pci-errors", "Errors", ErrorCases.cases()),
                new Stage("pci-msix", "MSI-X", VectorCases.cases(settings)),
                new Stage("pci-power", "Power states and function-level reset", join(PowerStateCases.cases(), FunctionResetCases.cases())));
    }

    private static List<Case> join(List<Case> first, List<Case> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
