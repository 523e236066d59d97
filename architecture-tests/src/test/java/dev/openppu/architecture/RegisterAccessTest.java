package dev.openppu.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import dev.openppu.driver.planted.PokesRegisters;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import org.junit.jupiter.api.Test;

/** Invariant 3: every register access goes through code generated from the .rdl; no offset is written by hand. */
class RegisterAccessTest {
    private static final String[] MAY_ADDRESS_BY_OFFSET = {
        // generated from the .rdl: the host's view and the hardware's
        "dev.openppu.abi.reg..", "dev.openppu.model.reg..",
        // the two kinds of window themselves
        "dev.openppu.hal.mmio..",
    };

    /** Laid out by PCI Express (7.7.2), in the BAR and at the offset that the capability names. */
    private static final String MSIX_TABLE = "dev.openppu.hal.pci.MsixTable";

    /** Device memory through the window, by address: memory, not registers. */
    private static final String DEVICE_MEMORY = "dev.openppu.driver.owner.DeviceMemoryPort";

    /** Reads every register that the map says can be read without effect. */
    private static final String DUMP = "dev.openppu.driver.owner.dump.DumpCollector";

    /** Copies some registers into a crash record, each with its offset, which generated code names. */
    private static final String CRASH_RECORD = "dev.openppu.model.device.CrashMonitor";

    /** Reads and writes the registers that a user names, at the offsets of the map that was elaborated from the .rdl. */
    private static final String REGISTERS_BY_NAME = "dev.openppu.cli.register.RegisterPort";

    /** The same for maps of any device that are served: no code was generated from them. */
    private static final String SERVED_REGISTERS = "dev.openppu.cli.serve.DevicePort";

    /** The same for the suites, which visit every register of the map; and what no accessor can do: accesses that the device must refuse. */
    private static final String REGISTERS_OF_THE_MAP = "dev.openppu.harness.bench.MappedRegister";

    /** The same for the suite of registers, which takes any map: no code was generated from it. */
    private static final String REGISTERS_OF_ANY_MAP = "dev.openppu.harness.registers.TestedRegister";

    private static final String MEMORIES_OF_ANY_MAP = "dev.openppu.harness.registers.TestedMemory";

    /** Pass on what others access, and note it. */
    private static final String WATCHED = "dev.openppu.harness.cover.WatchedLink$Watched";

    private static final String RECORDED = "dev.openppu.hal.record.RecordingTrap";

    /** Does again what was recorded, at the recorded places. */
    private static final String PLAYED_AGAIN = "dev.openppu.harness.recording.DevicePlayer";

    private static final String REFUSED_ACCESSES = "dev.openppu.harness.bench.ForbiddenAccess";

    /** The same for the MSI-X structures: two doublewords at once, and writes to what is read-only. */
    private static final String VECTOR_TABLE = "dev.openppu.harness.bench.VectorTable";

    /** Measures what generated code costs beside the window itself. */
    private static final String COMPARED_WITH_GENERATED = "dev.openppu.bench.jmh.RegisterBenchmark";

    private static final ArchRule REGISTERS_ARE_ACCESSED_BY_GENERATED_CODE = noClasses().that()
            .resideOutsideOfPackages(MAY_ADDRESS_BY_OFFSET)
            .and().doNotHaveFullyQualifiedName(MSIX_TABLE)
            .and().doNotHaveFullyQualifiedName(DEVICE_MEMORY)
            .and().doNotHaveFullyQualifiedName(DUMP)
            .and().doNotHaveFullyQualifiedName(CRASH_RECORD)
            .and().doNotHaveFullyQualifiedName(REGISTERS_BY_NAME)
            .and().doNotHaveFullyQualifiedName(SERVED_REGISTERS)
            .and().doNotHaveFullyQualifiedName(REGISTERS_OF_THE_MAP)
            .and().doNotHaveFullyQualifiedName(REGISTERS_OF_ANY_MAP)
            .and().doNotHaveFullyQualifiedName(MEMORIES_OF_ANY_MAP)
            .and().doNotHaveFullyQualifiedName(WATCHED)
            .and().doNotHaveFullyQualifiedName(RECORDED)
            .and().doNotHaveFullyQualifiedName(PLAYED_AGAIN)
            .and().doNotHaveFullyQualifiedName(REFUSED_ACCESSES)
            .and().doNotHaveFullyQualifiedName(VECTOR_TABLE)
            .and().doNotHaveFullyQualifiedName(COMPARED_WITH_GENERATED)
            .should().accessTargetWhere(target(owner(assignableTo(Mmio.class))).and(target(nameMatching("(read|write)(8|16|32|64)")))
                    .or(target(owner(equivalentTo(SizedAccess.class)))));

    @Test
    void registersAreAccessedByGeneratedCode() {
        REGISTERS_ARE_ACCESSED_BY_GENERATED_CODE.check(House.asBuilt());
    }

    @Test
    void theRuleFindsAPlantedFault() {
        assertThat(House.objections(REGISTERS_ARE_ACCESSED_BY_GENERATED_CODE, PokesRegisters.class)).hasSize(4);
    }
}
