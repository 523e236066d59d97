package dev.openppu.driver.owner;

import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.RetirementRegs;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pages of device memory whose errors ECC cannot correct. Their context has lost its work; they are handed out no more at once, and when the last user of the device has gone the firmware retires them for ever
 * (facts, section 4). Used from any thread (nothing inside waits but {@link #retire}).
 */
final class Retirement {
    private static final int DOUBLE_BIT = 1;
    /** So many uncorrectable errors in one epoch ask for a reset. */
    private static final int REPEATED = 2;

    private final DeviceAccess device;
    private final DeviceMemoryManager memory;
    private final boolean present;
    private final Set<Long> bad = new TreeSet<>();
    private int errors;
    private volatile int retired;
    private volatile int pending;

    /** @param present the device has ECC */
    Retirement(DeviceAccess device, DeviceMemoryManager memory, boolean present) {
        this.device = device;
        this.memory = memory;
        this.present = present;
        if (present) {
            withholdRetired();
            count();
        }
    }

    private void withholdRetired() {
        RetirementRegs registers = device.registers().retirement();
        for (int i = 0; i < RetirementRegs.ENTRY_COUNT; i++) {
            long entry = registers.readEntry(i);
            if (entry != -1 && RetirementRegs.Entry.valid(entry)) {
                memory.retire(RetirementRegs.Entry.page(entry) * PageTableEntry.TABLE_BYTES);
            }
        }
    }

    private void count() {
        int raw = device.checked(device.registers().memory().readRetired());
        retired = MemoryRegs.Retired.pages(raw);
        pending = MemoryRegs.Retired.pending(raw);
    }

    /** The device has counted an ECC error, or retired a page: takes note. */
    void look() {
        if (!present) {
            return;
        }
        withholdRetired();
        count();
        long record = device.registers().memory().readEccAddress();
        if (MemoryRegs.EccAddress.valid(record)) {
            long page = MemoryRegs.EccAddress.address(record) << MemoryRegs.EccAddress.ADDRESS_LSB & -PageTableEntry.TABLE_BYTES;
            device.registers().memory().writeEccAddress(MemoryRegs.EccAddress.withValid(0L, true));
            memory.retire(page);
            synchronized (bad) {
                errors++;
                bad.add(page);
            }
        }
    }

    /** Nobody uses the device: has the firmware retire what was found bad. */
    void retire(MessageChannel messages) {
        while (true) {
            long page;
            synchronized (bad) {
                if (bad.isEmpty()) {
                    return;
                }
                page = bad.iterator().next();
                bad.remove(page);
            }
            messages.call(MessageType.RETIRE_PAGE, page, DOUBLE_BIT); // a full list is the device's to say, in its registers
            count();
        }
    }

    int retired() {
        return retired;
    }

    int pending() {
        return pending;
    }

    /** Memory fails again and again, or pages wait for a reset. */
    boolean asksForReset() {
        synchronized (bad) {
            return errors >= REPEATED || pending > 0;
        }
    }
}
