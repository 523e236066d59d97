package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.Stream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which context is current, as a program sees it that knows the published rules only: nesting, threads, destruction, the primary context. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class CurrentContextTest {
    @BeforeEach
    @AfterEach
    void leaveNothingCurrent() {
        while (Context.current().isPresent()) {
            Context.pop();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void oneContextMayStandOnAStackMoreThanOnce(String uri) {
        try (Ppu ppu = Devices.open(uri); Context outer = ppu.createContext(); Context inner = ppu.createContext()) {
            outer.push();
            inner.push();
            assertThat(Context.pop()).isSameAs(inner);
            assertThat(Context.pop()).isSameAs(outer);
            assertThat(Context.pop()).isSameAs(inner);
            assertThat(Context.pop()).isSameAs(outer);
            refused(201, Context::pop);
            refused(201, Context::requireCurrent);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void settingTheCurrentContextReplacesOnlyTheTop(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context first = ppu.createContext();
                Context second = ppu.createContext();
                Context third = ppu.createContext()) {
            first.makeCurrent();
            assertThat(Context.pop()).isSameAs(first);
            assertThat(Context.pop()).isSameAs(second);
            Context.clearCurrent();
            assertThat(Context.current()).isEmpty();
            Context.clearCurrent(); // nothing to clear is no mistake
            third.makeCurrent();
            assertThat(Context.requireCurrent()).isSameAs(third);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void destroyingPopsTheTopOnceAndLeavesWhatLiesDeeper(String uri) {
        try (Ppu ppu = Devices.open(uri); Context kept = ppu.createContext()) {
            Context doomed = ppu.createContext();
            kept.push();
            doomed.push();
            doomed.close(); // kept, doomed, kept, doomed
            assertThat(Context.requireCurrent()).isSameAs(kept);
            Context.pop();
            refused(709, Context::requireCurrent);
            assertThat(Context.current()).containsSame(doomed);
            assertThat(Context.pop()).isSameAs(doomed);
            assertThat(Context.requireCurrent()).isSameAs(kept);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDestroyedContextCannotBeMadeCurrent(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context context = ppu.createContext();
            context.close();
            refused(709, context::makeCurrent);
            refused(709, context::push);
            assertThat(Context.current()).isEmpty();
            assertThat(context.useCount()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void threadsBeginWithNothingCurrent(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext()) {
            Devices.sideBySide(ppu.link(), List.of(() -> {
                assertThat(Context.current()).isEmpty();
                refused(201, Context::requireCurrent);
                try (Context own = ppu.createContext()) {
                    assertThat(Context.requireCurrent()).isSameAs(own);
                }
                assertThat(Context.current()).isEmpty();
            }));
            assertThat(Context.requireCurrent()).isSameAs(context);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void thePrimaryContextWorksOnEveryThreadAndIsMadeAgainAfterItsEnd(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            PrimaryContext primary = ppu.primaryContext();
            assertThat(primary.state().active()).isFalse();
            Context first = primary.retain();
            assertThat(Context.current()).isEmpty();
            assertThat(primary.retain()).isSameAs(first);
            first.push();
            DeviceBuffer buffer = first.allocate(64);
            primary.release();
            first.defaultStream().fill8(buffer, 0, (byte) 1, 64);
            first.synchronize();
            primary.release();
            assertThat(primary.state().active()).isFalse();
            refused(201, primary::release);
            refused(709, Context::requireCurrent);
            refused(709, () -> first.allocate(64));
            Context.pop();

            Context second = primary.retain();
            second.makeCurrent();
            refused(201, second::close);
            primary.reset();
            refused(709, Context::requireCurrent);
            Context third = primary.retain();
            assertThat(third).isNotSameAs(second);
            assertThat(primary.state().retained()).isEqualTo(2);
            primary.release();
            assertThat(third.closed()).isFalse();
            primary.release();
            assertThat(third.closed()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void resettingThePrimaryContextEndsTheWaitsOfOtherThreads(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context context = ppu.primaryContext().retain();
            Stream stream = context.createStream();
            new Gate(context).hold(stream);
            Devices.sideBySide(ppu.link(), List.of(() -> refused(709, stream::synchronize), () -> {
                ppu.link().runtime().sleep(1_000_000);
                ppu.primaryContext().reset();
            }));
            ppu.primaryContext().release();
        }
    }
}
