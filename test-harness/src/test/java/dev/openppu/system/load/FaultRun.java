package dev.openppu.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.Links;
import dev.openppu.model.link.ModelLink;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One device, one load, one fault at one moment, and what has to hold when it is over. */
final class FaultRun {
    private static final int TENANTS = 4;
    private static final int ROUNDS = 8;
    /** Operations that tenants begin in a round, at least. */
    private static final int OPERATIONS = 5;
    private static final long LONGEST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final PpuOptions SIMULATED = options(Duration.ofMillis(100), Duration.ofMillis(200));
    /** Patient with a machine that has other things to do. */
    private static final PpuOptions FREE_RUNNING = options(Duration.ofMillis(500), Duration.ofSeconds(2));

    private final ModelLink link;
    private final Ppu ppu;
    private final List<Fault> faults;
    private final Fault.Reach reach;
    private final Random random;

    private FaultRun(ModelLink link, Ppu ppu, List<Fault> faults, long seed) {
        this.link = link;
        this.ppu = ppu;
        this.faults = faults;
        this.reach = faults.stream().map(Fault::reach).max(Comparator.naturalOrder()).orElseThrow();
        this.random = new Random(seed);
    }

    private static PpuOptions options(Duration hangLimit, Duration messageTimeout) {
        return PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).hangLimit(hangLimit).messageTimeout(messageTimeout).autoReset(true)
                .noDumps().build();
    }

    /**
     * @param faults in their order
     * @param seed decides the moment, the place, and what the tenants do
     */
    static void of(String uri, List<Fault> faults, long seed) {
        try (ModelLink link = (ModelLink) Links.open(uri)) {
            try (Ppu ppu = Ppu.open(link, link.runtime().simulated() ? SIMULATED : FREE_RUNNING)) {
                new FaultRun(link, ppu, faults, seed).run();
            }
            assertThat(link.dmaMappings()).as("IOVA mappings").isZero();
        }
    }

    private void run() {
        Inventory before = ppu.inventory();
        Load load = new Load(ppu, faults.contains(Fault.COMPLETIONS_COME_TWICE)).begin(TENANTS, ROUNDS, random.nextLong());
        load.awaitOperations(random.nextInt(TENANTS * OPERATIONS * ROUNDS));
        for (Fault fault : faults) {
            link.runtime().sleep(random.nextLong(LONGEST_DELAY_NANOS));
            fault.strike(link, ppu, random);
        }
        load.end();
        judge(load.losses());
        if (reach != Fault.Reach.DEVICE) {
            assertThat(new Load(ppu, false).begin(2, 1, random.nextLong()).end().completed()).as("rounds when it is over").isEqualTo(2);
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }

    private void judge(List<PpuException> losses) {
        switch (reach) {
            case NOBODY -> {
                assertThat(losses).isEmpty();
                assertThat(ppu.epoch()).isEqualTo(1);
            }
            case CONTEXTS -> {
                assertThat(losses).allMatch(ContextLostException.class::isInstance);
                assertThat(ppu.epoch()).isEqualTo(1);
            }
            case EPOCH -> assertThat(ppu.epoch()).isLessThanOrEqualTo(1 + faults.size());
            case DEVICE -> assertThat(losses).isNotEmpty().allMatch(DeviceLostException.class::isInstance);
        }
    }
}
