package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.RecoveryAction;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.hal.Links;
import dev.openppu.model.link.ModelLink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory that fails for good: who meets it loses its context, nobody is given the page again, and it is retired when all have gone. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class RetirementSystemTest {
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().build();
    private static final long DOUBLE_BIT = 3;

    private static long physical(Ppu ppu, Context context, long address) {
        long table = ppu.owner().device().registers().context(context.id()).readRoot() & PageTableEntry.ADDRESS_MASK;
        MemorySegment entry = MemorySegment.ofArray(new byte[PageTableEntry.BYTES]);
        for (int level = PageTableEntry.ROOT_LEVEL;; level--) {
            ppu.owner().port().read(table + (long) PageTableEntry.index(address, level) * PageTableEntry.BYTES, entry);
            long value = entry.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            table = PageTableEntry.address(value);
            if (PageTableEntry.leaf(value)) {
                return table + (address & PageTableEntry.pageBytes(level) - 1);
            }
        }
    }

    private static void meetABadPage(ModelLink link, Ppu ppu) {
        try (Context other = ppu.createContext(); // has the number 0, which must not be taken for "no context"
                Context context = ppu.createContext();
                DeviceBuffer bad = context.allocate(4096);
                DeviceBuffer copy = context.allocate(4096);
                DeviceBuffer good = other.allocate(4096)) {
            context.fill8(bad, 0, (byte) 1, 4096);
            context.synchronize();
            link.faults().flipBits(physical(ppu, context, bad.address()), DOUBLE_BIT);
            context.copy(copy, 0, bad, 0, 4096);
            assertThatThrownBy(context::synchronize).isInstanceOfSatisfying(ContextLostException.class,
                    e -> assertThat(e.hgresult()).isEqualTo(HgResult.ECC_UNCORRECTABLE));
            other.fill8(good, 0, (byte) 2, 4096);
            other.synchronize();
        }
    }

    @Test
    void whatTheFirmwareDoesNotReportIsReadFromTheQueue() {
        try (ModelLink link = (ModelLink) Links.open("model:zw810e?clock=sim&seed=1");
                Ppu ppu = Ppu.open(link, OPTIONS);
                Context context = ppu.createContext();
                DeviceBuffer bad = context.allocate(4096);
                DeviceBuffer copy = context.allocate(4096)) {
            context.fill8(bad, 0, (byte) 1, 4096);
            context.synchronize();
            link.faults().flipBits(physical(ppu, context, bad.address()), DOUBLE_BIT);
            link.faults().hangFirmware();
            context.copy(copy, 0, bad, 0, 4096);
            assertThatThrownBy(context::synchronize).isInstanceOfSatisfying(ContextLostException.class, e -> {
                assertThat(e.hgresult()).isEqualTo(HgResult.ECC_UNCORRECTABLE);
                assertThat(e.xid()).contains(Xid.CHUB_ECC_ERROR);
                assertThat(e.role()).isEqualTo(LossRole.CULPRIT);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void thePageIsRetiredWhenTheLastContextHasGoneAndRepetitionAsksForAReset(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            long before = ppu.owner().memory().total();
            meetABadPage(link, ppu);
            assertThat(ppu.owner().memory().total()).isEqualTo(before - 4096);
            assertThat(ppu.health().retiredPages()).isPositive();
            assertThat(ppu.health().pendingPages()).isZero();
            assertThat(ppu.health().action()).as("one error, and nothing waits for a reset").isEqualTo(RecoveryAction.NONE);
            meetABadPage(link, ppu);
            assertThat(ppu.owner().memory().total()).isEqualTo(before - 2 * 4096);
            assertThat(ppu.health().action()).isEqualTo(RecoveryAction.DRAIN_AND_RESET);
            assertThat(ppu.inventory().deviceBytes()).isZero();
            assertThat(ppu.reset(ResetLevel.FUNCTION).recovered()).isTrue();
            meetABadPage(link, ppu);
            assertThat(ppu.health().action()).as("the first error of its epoch").isEqualTo(RecoveryAction.NONE);
        }
    }
}
