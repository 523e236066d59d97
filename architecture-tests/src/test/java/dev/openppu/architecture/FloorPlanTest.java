package dev.openppu.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import dev.openppu.abi.planted.AbiThatUsesTheDriver;
import dev.openppu.driver.planted.DriverThatKnowsTheModel;
import dev.openppu.hal.planted.HalThatKnowsThePpu;
import dev.openppu.hal.planted.StaticAndMutable;
import dev.openppu.model.planted.ModelThatKnowsTheDriver;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The plan's table of floors, invariant 1, and that nothing is static and mutable. */
class FloorPlanTest {
    private static final String RDL = "dev.openppu.rdl..";
    private static final String HAL = "dev.openppu.hal..";
    private static final String ABI = "dev.openppu.abi..";
    private static final String TWIN = "dev.openppu.twin..";
    private static final String REFERENCE = "dev.openppu.reference..";
    private static final String MODEL = "dev.openppu.model..";
    private static final String DRIVER = "dev.openppu.driver..";
    private static final String HARNESS = "dev.openppu.harness..";
    private static final String METRICS = "dev.openppu.metrics..";

    /** Invariant 1. */
    private static final ArchRule DRIVER_KNOWS_NO_MODEL = noClasses().that().resideInAPackage(DRIVER).should().dependOnClassesThat()
            .resideInAPackage(MODEL);
    private static final ArchRule MODEL_KNOWS_NO_DRIVER = noClasses().that().resideInAPackage(MODEL).should().dependOnClassesThat()
            .resideInAPackage(DRIVER);

    /** Generated lexers and parsers keep tables in static fields that nobody writes. */
    private static final ArchRule NOTHING_STATIC_IS_MUTABLE = fields().that().areStatic()
            .and().areDeclaredInClassesThat().areNotAssignableTo("org.antlr.v4.runtime.Recognizer")
            .should().beFinal();

    /** A floor and the floors that it may use; each may use itself and everything that is not ours. */
    private static ArchRule floor(String floor, String... mayUse) {
        return noClasses().that().resideInAPackage(floor).should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.openppu..").and(resideOutsideOfPackage(floor)).and(not(resideInAnyPackage(mayUse))));
    }

    static Stream<Arguments> floors() {
        return Stream.of(
                Arguments.of("tools/register-compiler", floor(RDL)),
                Arguments.of("hal/core", floor(HAL)),
                Arguments.of("hal/abi", floor(ABI, HAL)),
                Arguments.of("native-stubs: twins", floor(TWIN, REFERENCE)),
                Arguments.of("native-stubs: reference device", floor(REFERENCE)),
                Arguments.of("firmware-model", floor(MODEL, HAL, ABI, RDL)),
                Arguments.of("driver", floor(DRIVER, HAL, ABI)),
                Arguments.of("test-harness", floor(HARNESS, RDL, HAL, ABI, MODEL, DRIVER)),
                Arguments.of("tools/guest", floor("dev.openppu.guest..")),
                Arguments.of("tools/metrics", floor(METRICS, HAL, ABI, DRIVER)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floors")
    void aFloorUsesOnlyTheFloorsThatThePlanAllows(String folder, ArchRule rule) {
        rule.check(House.asBuilt());
    }

    @Test
    void driverAndModelDoNotKnowEachOther() {
        DRIVER_KNOWS_NO_MODEL.check(House.asBuilt());
        MODEL_KNOWS_NO_DRIVER.check(House.asBuilt());
    }

    @Test
    void nothingStaticIsMutable() {
        NOTHING_STATIC_IS_MUTABLE.check(House.asBuilt());
    }

    @Test
    void theRulesFindPlantedFaults() {
        assertThat(House.objections(DRIVER_KNOWS_NO_MODEL, DriverThatKnowsTheModel.class)).isNotEmpty();
        assertThat(House.objections(MODEL_KNOWS_NO_DRIVER, ModelThatKnowsTheDriver.class)).isNotEmpty();
        assertThat(House.objections(floor(HAL), HalThatKnowsThePpu.class)).isNotEmpty();
        assertThat(House.objections(floor(ABI, HAL), AbiThatUsesTheDriver.class)).isNotEmpty();
        assertThat(House.objections(NOTHING_STATIC_IS_MUTABLE, StaticAndMutable.class)).singleElement().asString().contains("counter");
    }
}
