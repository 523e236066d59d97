package dev.openppu.harness.sim.check;

import dev.openppu.abi.error.RecoveryAction;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.RetirementRegs;
import dev.openppu.abi.reg.RetirementRegs.Entry;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Metric;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.ResetLevel;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What remains of faults when they are over and the device works again: of heat and power brake nothing, of a page that has gone bad that nobody ever gets it again. */
public final class Remains {
    /** docs/device.md, section 8: once too hot, the clock stays lowered until the die is as cool as this; and what it cools down between two looks. */
    private static final double COOL_CELSIUS = 89;
    private static final double BETWEEN_LOOKS = 0.3;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** A die of 95 C in air of 25 C cools down to that in less than four seconds. */
    private static final long COOLING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LISTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Long enough for the flash to keep the list. */
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAGE = PageTableEntry.TABLE_BYTES;
    private static final long TWO_BITS = 3;
    private static final int USED_PAGES = 3;
    private static final ValueLayout.OfLong ENTRY = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ModelLink link;
    private final Ppu ppu;
    private final Rules rules;

    public Remains(ModelLink link, Ppu ppu, Rules rules) {
        this.link = link;
        this.ppu = ppu;
        this.rules = rules;
    }

    /** To be called when everything is mended, nobody works any more, and what was taken is given back. Resets a device of whose memory bits have turned over. */
    public void require(Collection<Strike> strikes) {
        Set<FaultPoint> points = strikes.stream().map(Strike::point).collect(Collectors.toSet());
        if (points.contains(FaultPoint.HEAT) || points.contains(FaultPoint.POWER_BRAKE)) {
            requireClocks();
        }
        if (points.contains(FaultPoint.BIT_FLIPPED) || points.contains(FaultPoint.BITS_FLIPPED)) {
            requireRetirement();
        }
    }

    private void requireClocks() {
        if (!reached(COOLING_NANOS, this::unthrottled)) {
            rules.broken(Invariant.SURVIVAL, "the air is cool and the power brake let go, and %d s later clocks are lowered still: %s"
                    .formatted(TimeUnit.NANOSECONDS.toSeconds(COOLING_NANOS), throttled()), "throttled_seconds_total stands still");
        }
    }

    /** Whether clocks are not lowered between two looks; if so, the die is cool enough for that. */
    private boolean unthrottled() {
        List<Metric> before = throttled();
        link.runtime().sleep(LOOK_NANOS);
        if (!throttled().equals(before)) {
            return false;
        }
        double celsius = ppu.metrics().stream()
                .filter(metric -> metric.name().equals("temperature_celsius") && metric.labels().containsValue("ppu"))
                .mapToDouble(Metric::value).max().orElse(0);
        if (celsius > COOL_CELSIUS + BETWEEN_LOOKS && before.stream().anyMatch(metric -> metric.value() > 0)) {
            rules.broken(Invariant.FELT, "clocks are no longer lowered, and the die has %.1f C".formatted(celsius),
                    "a device that got too hot lowers its clocks until it has %.0f C".formatted(COOL_CELSIUS));
        }
        return true;
    }

    private List<Metric> throttled() {
        return ppu.metrics().stream().filter(metric -> metric.name().equals("throttled_seconds_total")).toList();
    }

    private void requireRetirement() {
        long page;
        try (Context user = ppu.createContext()) { // while somebody is there, the page is in use: it is pending
            try (DeviceBuffer used = user.allocate(USED_PAGES * PAGE)) {
                page = pages(user, used).get(USED_PAGES / 2);
                link.faults().flipBits(page, TWO_BITS);
                ppu.owner().port().read(page, MemorySegment.ofArray(new byte[Long.BYTES]));
                if (!reached(LISTED_NANOS, () -> listed(page, true))) {
                    rules.broken(Invariant.FELT,
                            "two bits of the page at 0x%x have turned over and it was read, and the list of retired pages is %s"
                                    .formatted(page, shown()),
                            "it is listed, pending");
                    return;
                }
                if (!reached(LISTED_NANOS, () -> ppu.health().action() == RecoveryAction.DRAIN_AND_RESET)) {
                    rules.broken(Invariant.REPORTS, "a page waits for a reset to be retired, and the action is %s: %s".formatted(
                            ppu.health().action(), ppu.health()), "DRAIN_AND_RESET");
                }
                link.runtime().sleep(KEPT_NANOS);
            }
            requireNotHandedOut();
            ppu.reset(ResetLevel.FUNCTION);
        }
        if (!reached(LISTED_NANOS, () -> listed(page, false))) {
            rules.broken(Invariant.FELT,
                    "the page at 0x%x was to be retired by the next reset, and after it the list of retired pages is %s"
                            .formatted(page, shown()),
                    "it is listed, in effect");
        }
        requireNothingAsked();
        requireNotHandedOut();
    }

    /** Nobody has worked in this epoch: what was reported in the one before ended with it. */
    private void requireNothingAsked() {
        RecoveryAction action = ppu.health().action();
        if (action != RecoveryAction.NONE) {
            rules.broken(Invariant.SURVIVAL, "the device has just been reset, and asks for %s: %s".formatted(action, ppu.health()),
                    "nothing: what an XID asks for ends with its epoch");
        }
    }

    /** Memory of a new context, of which some would lie where a page was that has just been given back. */
    private void requireNotHandedOut() {
        try (Context next = ppu.createContext();
                DeviceBuffer large = next.allocate(USED_PAGES * PAGE);
                DeviceBuffer small = next.allocate(PAGE)) {
            for (DeviceBuffer given : List.of(large, small)) {
                for (long page : pages(next, given)) {
                    if (listed(page, true) || listed(page, false)) {
                        rules.broken(Invariant.FELT, "%s has the page at 0x%x, and the list of retired pages is %s".formatted(given, page,
                                shown()), "memory of other pages");
                    }
                }
            }
        }
    }

    /** Where a buffer's pages are in the device's memory. */
    private List<Long> pages(Context context, DeviceBuffer buffer) {
        List<Long> pages = new ArrayList<>();
        for (long offset = 0; offset < buffer.size(); offset += PAGE) {
            pages.add(page(context, buffer.address() + offset));
        }
        return pages;
    }

    /** By the tables that the device translates with. */
    private long page(Context context, long address) {
        long table = registers().context(context.id()).readRoot() & PageTableEntry.ADDRESS_MASK;
        MemorySegment entry = MemorySegment.ofArray(new byte[PageTableEntry.BYTES]);
        for (int level = PageTableEntry.ROOT_LEVEL;; level--) {
            ppu.owner().port().read(table + (long) PageTableEntry.index(address, level) * PageTableEntry.BYTES, entry);
            long value = entry.get(ENTRY, 0);
            table = PageTableEntry.address(value);
            if (PageTableEntry.leaf(value)) {
                return table + (address & PageTableEntry.pageBytes(level) - 1);
            }
            if (level == 0 || !PageTableEntry.valid(value)) {
                throw new IllegalStateException("0x%x is not mapped in %s".formatted(address, context));
            }
        }
    }

    private boolean listed(long page, boolean pending) {
        return list().stream().anyMatch(entry -> (entry & Entry.PAGE_MASK) == page && Entry.pending(entry) == pending);
    }

    private List<Long> list() {
        RetirementRegs list = registers().retirement();
        return IntStream.range(0, RetirementRegs.ENTRY_COUNT).mapToLong(list::readEntry).filter(Entry::valid).boxed().toList();
    }

    private String shown() {
        return list().stream().map(entry -> "0x" + Long.toHexString(entry)).toList().toString();
    }

    private PpuBar0Regs registers() {
        return ppu.owner().device().registers();
    }

    private boolean reached(long within, BooleanSupplier condition) {
        LinkRuntime runtime = link.runtime();
        long deadline = runtime.deadline(within);
        while (!condition.getAsBoolean()) { // by looking at the device, which no condition that is awaited may do
            if (runtime.nanos() >= deadline) {
                return false;
            }
            runtime.sleep(LOOK_NANOS / 100);
        }
        return true;
    }
}
