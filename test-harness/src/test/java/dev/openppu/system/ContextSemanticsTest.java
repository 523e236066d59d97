package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.ComputeMode;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFlag;
import dev.openppu.driver.ContextLimit;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.SchedulingPolicy;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts §9.1, Context; where they are silent, what the related public driver interfaces say of the same call. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ContextSemanticsTest {
    @BeforeEach
    void theStackOfOtherTestsIsForgotten() {
        while (Context.current().isPresent()) {
            Context.pop();
        }
    }

    @AfterEach
    void theStackIsEmptyAgain() {
        assertThat(Context.current()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void creatingPushesAndDestroyingPops(String uri) {
        refused(201, Context::requireCurrent);
        try (Ppu ppu = Devices.open(uri)) {
            Context first = ppu.createContext();
            assertThat(Context.requireCurrent()).isSameAs(first);
            assertThat(first.useCount()).isEqualTo(1);
            Context second = ppu.createContext();
            assertThat(Context.requireCurrent()).isSameAs(second);
            second.close();
            assertThat(Context.requireCurrent()).isSameAs(first);
            first.close();
            first.close();
            assertThat(first.useCount()).isZero();
            refused(201, Context::requireCurrent);
            refused(201, Context::pop);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theStackOfAThreadIsItsOwn(String uri) {
        try (Ppu ppu = Devices.open(uri); Context mine = ppu.createContext(); Context other = ppu.createContext()) {
            Devices.sideBySide(ppu.link(), List.of(() -> {
                refused(201, Context::requireCurrent);
                mine.makeCurrent();
                assertThat(Context.current()).contains(mine);
                try (Context.Scope scope = other.push()) {
                    assertThat(Context.current()).contains(other);
                    scope.close();
                    assertThat(Context.current()).contains(mine);
                }
                assertThat(Context.current()).contains(mine);
                other.makeCurrent(); // replaces
                assertThat(Context.pop()).isSameAs(other);
                refused(201, Context::pop);
            }, () -> {
                try (Context own = ppu.createContext()) {
                    assertThat(Context.current()).contains(own);
                }
                assertThat(Context.current()).isEmpty();
            }));
            assertThat(Context.current()).contains(other);
            Context.clearCurrent();
            assertThat(Context.current()).contains(mine);
            Context.clearCurrent();
            Context.clearCurrent(); // nothing to clear
            assertThat(Context.current()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void threadsThatHaveADestroyedContextCurrentGet709(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context context = ppu.createContext();
            Stream stream = context.createStream();
            DeviceBuffer buffer = context.allocate(64);
            AtomicReference<String> step = new AtomicReference<>("");
            Devices.sideBySide(ppu.link(), List.of(() -> {
                context.makeCurrent();
                step.set("current");
                ppu.link().runtime().await(() -> "destroyed".equals(step.get()), LinkRuntime.NEVER);
                assertThat(Context.current()).contains(context);
                refused(709, Context::requireCurrent);
                refused(709, () -> context.allocate(64));
                refused(709, context::createEvent);
                refused(709, context::makeCurrent);
                refused(709, context::push);
                refused(709, context::attach);
                refused(709, context::detach);
                refused(709, () -> stream.fill8(buffer, 0, (byte) 1, 64));
                refused(709, () -> context.limit(ContextLimit.STACK_SIZE));
                assertThat(Context.pop()).isSameAs(context);
                refused(201, Context::requireCurrent);
            }, () -> {
                ppu.link().runtime().await(() -> "current".equals(step.get()), LinkRuntime.NEVER);
                context.close(); // not current here: nothing to pop
                assertThat(Context.current()).isEmpty();
                step.set("destroyed");
            }));
            refused(709, Context::requireCurrent); // here it was current, and stays so until popped
            assertThat(Context.pop()).isSameAs(context);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theLastDetachDestroys(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context context = ppu.createContext();
            context.attach();
            assertThat(context.useCount()).isEqualTo(2);
            context.detach();
            context.allocate(64);
            context.detach();
            assertThat(context.closed()).isTrue();
            assertThat(Context.current()).contains(context);
            refused(709, Context::requireCurrent);
            Context.clearCurrent();
            assertThat(ppu.inventory().contexts()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void thePrimaryContextIsSharedAndCounted(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            PrimaryContext primary = ppu.primaryContext();
            refused(201, primary::release);
            assertThat(primary.state()).isEqualTo(new PrimaryContext.State(false, ContextOptions.defaults(), 0));
            ContextOptions spin = ContextOptions.defaults().withScheduling(SchedulingPolicy.SPIN);
            primary.setOptions(spin);
            Context context = primary.retain();
            assertThat(Context.current()).isEmpty(); // not made current
            assertThat(primary.retain()).isSameAs(context);
            assertThat(context.options()).isEqualTo(spin);
            assertThat(primary.state()).isEqualTo(new PrimaryContext.State(true, spin, 2));
            refused(708, () -> primary.setOptions(ContextOptions.defaults()));
            refused(201, context::close);
            refused(201, context::attach);
            refused(201, context::detach);
            assertThat(context.closed()).isFalse();
            try (PrimaryContext.Retention hold = primary.hold()) {
                assertThat(hold.context()).isSameAs(context);
                hold.close();
            }
            context.makeCurrent();
            primary.release();
            context.allocate(64);
            primary.release();
            assertThat(primary.state().active()).isFalse();
            assertThat(Context.current()).contains(context); // a release pops nothing
            refused(709, Context::requireCurrent);
            Context.pop();
            refused(201, primary::release);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void resettingThePrimaryContextKeepsTheCount(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            PrimaryContext primary = ppu.primaryContext();
            Inventory before = ppu.inventory();
            primary.reset();
            Context old = primary.retain();
            old.allocate(1 << 20);
            primary.reset();
            assertThat(primary.state()).isEqualTo(new PrimaryContext.State(false, ContextOptions.defaults(), 1));
            assertThat(ppu.inventory().deviceBytes()).isZero();
            refused(709, () -> old.allocate(64));
            primary.setOptions(ContextOptions.defaults().with(ContextFlag.MAP_HOST)); // not active: allowed
            Context after = primary.retain();
            assertThat(after).isNotSameAs(old);
            after.allocate(64);
            primary.release(); // the one of before the reset
            after.allocate(64);
            primary.release();
            refused(201, primary::release);
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void manyThreadsRetainAndReleaseThePrimaryContext(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Inventory before = ppu.inventory();
            List<Runnable> bodies = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                bodies.add(() -> {
                    for (int i = 0; i < 10; i++) {
                        try (PrimaryContext.Retention hold = ppu.primaryContext().hold();
                                DeviceBuffer buffer = hold.context().allocate(4096)) {
                            hold.context().fill8(buffer, 0, (byte) i, 4096);
                        }
                    }
                });
            }
            Devices.sideBySide(ppu.link(), bodies);
            assertThat(ppu.primaryContext().state().retained()).isZero();
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aProhibitedDeviceMakesNoContexts(String uri) {
        try (Ppu ppu = Devices.open(uri); Context existing = ppu.createContext()) {
            assertThat(ppu.computeMode()).isEqualTo(ComputeMode.DEFAULT);
            ppu.setComputeMode(ComputeMode.PROHIBITED);
            refused(999, ppu::createContext);
            refused(999, () -> ppu.primaryContext().retain());
            assertThat(Context.current()).contains(existing);
            existing.allocate(64).close();
            ppu.setComputeMode(ComputeMode.EXCLUSIVE_PROCESS);
            ppu.createContext().close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void flagsAreThePublishedOnes(String uri) {
        assertThat(ContextOptions.ofFlags(0)).isEqualTo(ContextOptions.defaults());
        assertThat(ContextOptions.ofFlags(0x84)).isEqualTo(
                ContextOptions.defaults().withScheduling(SchedulingPolicy.BLOCKING_SYNC).with(ContextFlag.SYNC_MEMOPS));
        assertThat(ContextOptions.ofFlags(0x8c).bits()).isEqualTo(0x8c);
        assertThatThrownBy(() -> ContextOptions.ofFlags(3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ContextOptions.ofFlags(0x1000)).isInstanceOf(IllegalArgumentException.class);
        assertThat(SchedulingPolicy.AUTO.resolved(3, 2)).isEqualTo(SchedulingPolicy.YIELD);
        assertThat(SchedulingPolicy.AUTO.resolved(2, 2)).isEqualTo(SchedulingPolicy.SPIN);
        assertThat(SchedulingPolicy.BLOCKING_SYNC.resolved(9, 2)).isEqualTo(SchedulingPolicy.BLOCKING_SYNC);
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(ContextOptions.ofFlags(0x82))) {
            assertThat(context.options().bits()).isEqualTo(0x82);
            assertThat(context.scheduling()).isEqualTo(SchedulingPolicy.YIELD);
            context.setOptions(ContextOptions.ofFlags(SchedulingPolicy.SPIN.number()));
            assertThat(context.scheduling()).isEqualTo(SchedulingPolicy.SPIN);
            refused(801, () -> ppu.createContext(ContextOptions.defaults().with(ContextFlag.COREDUMP_ENABLE)));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void limitsAreKeptClampedOrUnsupported(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Context other = ppu.createContext()) {
            assertThat(context.limit(ContextLimit.MALLOC_HEAP_SIZE)).isEqualTo(8L << 20);
            assertThat(context.limit(ContextLimit.PRINTF_FIFO_SIZE)).isEqualTo(18L << 20);
            context.setLimit(ContextLimit.MALLOC_HEAP_SIZE, (16L << 20) + 1);
            assertThat(context.limit(ContextLimit.MALLOC_HEAP_SIZE)).isEqualTo((16L << 20) + 4096);
            assertThat(other.limit(ContextLimit.MALLOC_HEAP_SIZE)).isEqualTo(8L << 20);
            context.setLimit(ContextLimit.STACK_SIZE, Long.MAX_VALUE);
            assertThat(context.limit(ContextLimit.STACK_SIZE)).isBetween(1024L, 1L << 30);
            context.setLimit(ContextLimit.PERSISTING_L2_CACHE_SIZE, 1 << 20);
            assertThat(context.limit(ContextLimit.PERSISTING_L2_CACHE_SIZE)).isZero();
            context.setLimit(ContextLimit.MAX_L2_FETCH_GRANULARITY, 1000);
            assertThat(context.limit(ContextLimit.MAX_L2_FETCH_GRANULARITY)).isEqualTo(128);
            refused(215, () -> context.limit(ContextLimit.DEV_RUNTIME_SYNC_DEPTH));
            refused(215, () -> context.setLimit(ContextLimit.DEV_RUNTIME_PENDING_LAUNCH_COUNT, 1));
            refused(1, () -> context.setLimit(ContextLimit.STACK_SIZE, -1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closingTheDeviceDestroysItsContextsAndEmptiesTheStack(String uri) {
        Ppu ppu = Devices.open(uri);
        Context first = ppu.createContext();
        Context second = ppu.createContext();
        Context primary = ppu.primaryContext().retain();
        primary.makeCurrent();
        ppu.close();
        for (Context context : List.of(first, second, primary)) {
            assertThat(context.closed()).isTrue();
            refused(709, () -> context.allocate(64));
        }
        while (Context.current().isPresent()) {
            refused(709, Context::requireCurrent);
            Context.pop();
        }
    }

    @org.junit.jupiter.api.Test
    void virtualThreadsHaveStacksOfTheirOwn() throws InterruptedException {
        try (Ppu ppu = Devices.open(Devices.FREE); Context context = ppu.createContext()) {
            List<Thread> threads = new ArrayList<>();
            List<Optional<Throwable>> outcomes = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 50; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        refused(201, Context::requireCurrent);
                        try (Context.Scope scope = context.push();
                                Stream stream = context.createStream();
                                DeviceBuffer buffer = Context
                                        .requireCurrent().allocate(64)) {
                            stream.fill8(buffer, 0, (byte) 1, 64);
                            stream.synchronize();
                        }
                        assertThat(Context.current()).isEmpty();
                        outcomes.add(Optional.empty());
                    } catch (RuntimeException | Error e) {
                        outcomes.add(Optional.of(e));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(outcomes).hasSize(50).containsOnly(Optional.empty());
        }
    }

    @org.junit.jupiter.api.Test
    void twoDevicesShareOneStackAndHaveAPrimaryContextEach() {
        try (Ppu one = Devices.open(Devices.FREE + "&serial=1"); Ppu two = Devices.open(Devices.FREE + "&serial=2")) {
            Context a = one.createContext();
            Context b = two.createContext();
            assertThat(Context.requireCurrent().ppu()).isSameAs(two);
            b.close();
            assertThat(Context.requireCurrent().ppu()).isSameAs(one);
            a.close();
            try (PrimaryContext.Retention p = one.primaryContext().hold(); PrimaryContext.Retention q = two.primaryContext().hold()) {
                assertThat(p.context()).isNotSameAs(q.context());
            }
        }
    }
}
