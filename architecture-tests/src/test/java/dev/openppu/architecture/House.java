package dev.openppu.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The house as it is built, and rooms with a planted fault that a rule must find. */
final class House {
    private static final JavaClasses AS_BUILT = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("dev.openppu");

    private House() {}

    /** Every production class of every module. */
    static JavaClasses asBuilt() {
        return AS_BUILT;
    }

    /** What {@code rule} has against these classes alone. */
    static List<String> objections(ArchRule rule, Class<?>... planted) {
        return rule.allowEmptyShould(true).evaluate(new ClassFileImporter().importClasses(planted)).getFailureReport().getDetails();
    }
}
