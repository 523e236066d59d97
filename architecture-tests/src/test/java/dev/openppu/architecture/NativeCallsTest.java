package dev.openppu.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import dev.openppu.cli.planted.ProductThatCallsATwin;
import dev.openppu.hal.planted.CallsNativeCode;
import dev.openppu.hal.planted.CallsThroughJna;
import dev.openppu.hal.planted.DeclaresANativeMethod;
import dev.openppu.hal.planted.LoadsALibrary;
import dev.openppu.hal.posix.planted.CallsInexactly;
import dev.openppu.hal.posix.planted.KeepsAHandlePerObject;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.Test;

/**
 * Invariant 2: the product's native calls live in one package, JNA's in modules of their own, and the C twins' in another that only the benchmarks use (docs/decisions/0004); handles and layouts are
 * static final, called exactly.
 */
class NativeCallsTest {
    private static final String NATIVE = "dev.openppu.hal.posix..";
    private static final String TWINS = "dev.openppu.twin";
    private static final String REFERENCE = "dev.openppu.reference";
    private static final String[] JNA = {"dev.openppu.hal.jna..", "dev.openppu.hal.udev.."};
    private static final String BENCHMARKS = "dev.openppu.bench..";

    private static final ArchRule ONLY_POSIX_AND_TWINS_LINK = noClasses().that().resideOutsideOfPackages(NATIVE, TWINS).should()
            .dependOnClassesThat().belongToAnyOf(Linker.class, SymbolLookup.class);
    private static final ArchRule ONLY_BENCHMARKS_USE_TWINS = noClasses().that().resideOutsideOfPackages(TWINS, REFERENCE, BENCHMARKS)
            .should()
            .dependOnClassesThat().resideInAnyPackage(TWINS, REFERENCE);
    private static final ArchRule NOBODY_LOADS_LIBRARIES = noClasses().should().callMethod(System.class, "loadLibrary", String.class)
            .orShould().callMethod(System.class, "load", String.class)
            .orShould().callMethod(Runtime.class, "loadLibrary", String.class)
            .orShould().callMethod(Runtime.class, "load", String.class);
    private static final ArchRule NOTHING_IS_JNI = noMethods().should().haveModifier(JavaModifier.NATIVE);
    private static final ArchRule JNA_STAYS_IN_ITS_MODULE = noClasses().that().resideOutsideOfPackages(JNA).should()
            .dependOnClassesThat().resideInAPackage("com.sun.jna..");
    private static final ArchRule HANDLES_ARE_CALLED_EXACTLY = noClasses().should()
            .accessTargetWhere(target(owner(assignableTo(MethodHandle.class))).and(target(nameMatching("invoke|invokeWithArguments"))));
    private static final ArchRule HANDLES_AND_LAYOUTS_ARE_CONSTANTS = fields().that().haveRawType(assignableTo(MethodHandle.class))
            .or().haveRawType(assignableTo(VarHandle.class))
            .or().haveRawType(assignableTo(MemoryLayout.class))
            .should().beStatic().andShould().beFinal();

    @Test
    void nativeCodeIsReachedFromOnePackage() {
        ONLY_POSIX_AND_TWINS_LINK.check(House.asBuilt());
        NOBODY_LOADS_LIBRARIES.check(House.asBuilt());
        NOTHING_IS_JNI.check(House.asBuilt());
        JNA_STAYS_IN_ITS_MODULE.check(House.asBuilt());
    }

    @Test
    void theProductUsesNoTwins() {
        ONLY_BENCHMARKS_USE_TWINS.check(House.asBuilt());
    }

    @Test
    void handlesAndLayoutsAreConstantsAndCalledExactly() {
        HANDLES_AND_LAYOUTS_ARE_CONSTANTS.check(House.asBuilt());
        HANDLES_ARE_CALLED_EXACTLY.check(House.asBuilt());
    }

    @Test
    void theRulesFindPlantedFaults() {
        assertThat(House.objections(ONLY_POSIX_AND_TWINS_LINK, CallsNativeCode.class)).isNotEmpty();
        assertThat(House.objections(ONLY_BENCHMARKS_USE_TWINS, ProductThatCallsATwin.class)).isNotEmpty();
        assertThat(House.objections(NOBODY_LOADS_LIBRARIES, LoadsALibrary.class)).isNotEmpty();
        assertThat(House.objections(JNA_STAYS_IN_ITS_MODULE, CallsThroughJna.class)).isNotEmpty();
        assertThat(House.objections(NOTHING_IS_JNI, DeclaresANativeMethod.class)).isNotEmpty();
        assertThat(House.objections(HANDLES_ARE_CALLED_EXACTLY, CallsInexactly.class)).isNotEmpty();
        assertThat(House.objections(HANDLES_AND_LAYOUTS_ARE_CONSTANTS, KeepsAHandlePerObject.class)).hasSize(2);
    }

    @Test
    void posixItselfMayLink() {
        assertThat(House.objections(ONLY_POSIX_AND_TWINS_LINK, KeepsAHandlePerObject.class)).isEmpty();
    }
}
