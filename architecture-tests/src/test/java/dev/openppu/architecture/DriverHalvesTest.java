package dev.openppu.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import dev.openppu.driver.client.planted.ReachesIntoTheOwner;
import dev.openppu.driver.owner.ContextStatus;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.planted.ReachesIntoAClient;
import org.junit.jupiter.api.Test;

/** The driver's two halves meet at one interface of values and shared memory: a process boundary will run through it. */
class DriverHalvesTest {
    private static final String CLIENT = "dev.openppu.driver.client..";
    private static final String OWNER = "dev.openppu.driver.owner..";

    private static final ArchRule OWNER_KNOWS_NO_CLIENT = noClasses().that().resideInAPackage(OWNER).should().dependOnClassesThat()
            .resideInAPackage(CLIENT);
    private static final ArchRule CLIENT_KNOWS_THE_OWNERS_SERVICE_ALONE = noClasses().that().resideInAPackage(CLIENT).should()
            .dependOnClassesThat(resideInAPackage(OWNER).and(not(belongToAnyOf(OwnerService.class, ContextStatus.class))));

    @Test
    void theHalvesMeetAtTheOwnersService() {
        OWNER_KNOWS_NO_CLIENT.check(House.asBuilt());
        CLIENT_KNOWS_THE_OWNERS_SERVICE_ALONE.check(House.asBuilt());
    }

    @Test
    void theRulesFindPlantedFaults() {
        assertThat(House.objections(OWNER_KNOWS_NO_CLIENT, ReachesIntoAClient.class)).isNotEmpty();
        assertThat(House.objections(CLIENT_KNOWS_THE_OWNERS_SERVICE_ALONE, ReachesIntoTheOwner.class)).isNotEmpty();
    }
}
