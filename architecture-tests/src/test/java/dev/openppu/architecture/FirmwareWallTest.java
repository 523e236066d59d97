package dev.openppu.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.firmware.planted.LooksOverTheWall;
import dev.openppu.model.firmware.planted.ReadsAFile;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/**
 * Firmware sees only what firmware can see: its board (loads, stores, timers, interrupts), the registers and the ABI. So a compiled image on a simulated
 * core can one day take its place.
 */
class FirmwareWallTest {
    private static final String FIRMWARE = "dev.openppu.model.firmware..";

    /**
     * Bytes of its own memory are segments; the board hands out the registers as a window, which only generated code reads and writes, and what hardware has latched of a fault as plain numbers, which the census keeps, too.
     */
    private static final DescribedPredicate<JavaClass> HANDED_OUT = belongToAnyOf(MemorySegment.class, Mmio.class, FaultReport.class);

    private static final ArchRule FIRMWARE_STAYS_BEHIND_ITS_WALL = classes().that().resideInAPackage(FIRMWARE).should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(FIRMWARE, "dev.openppu.model.reg..", "dev.openppu.abi..", "java.lang", "java.lang.invoke",
                            "java.util", "java.util.function", "java.nio", "java.util.zip", "org.jspecify.annotations")
                            .or(HANDED_OUT));
    private static final ArchRule FIRMWARE_HAS_NO_OPERATING_SYSTEM = noClasses().that().resideInAPackage(FIRMWARE).should()
            .dependOnClassesThat().belongToAnyOf(Thread.class, Process.class, ProcessBuilder.class, Runtime.class);

    @Test
    void firmwareStaysBehindItsWall() {
        FIRMWARE_STAYS_BEHIND_ITS_WALL.check(House.asBuilt());
        FIRMWARE_HAS_NO_OPERATING_SYSTEM.check(House.asBuilt());
    }

    @Test
    void theRulesFindPlantedFaults() {
        assertThat(House.objections(FIRMWARE_STAYS_BEHIND_ITS_WALL, LooksOverTheWall.class)).isNotEmpty();
        assertThat(House.objections(FIRMWARE_STAYS_BEHIND_ITS_WALL, ReadsAFile.class)).isNotEmpty();
        assertThat(House.objections(FIRMWARE_HAS_NO_OPERATING_SYSTEM, LooksOverTheWall.class)).isNotEmpty();
    }
}
