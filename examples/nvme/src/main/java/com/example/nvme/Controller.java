package com.example.nvme;

import com.example.nvme.QueuePair.Command;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.pci.PciRegister.Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** An NVMe controller with one pair of queues for its administration and one for blocks, each with an MSI-X vector of its own. */
final class Controller implements AutoCloseable {
    private static final int CLASS_NVME = 0x01_0802;
    private static final int NAMESPACE = 1;
    private static final int PAGE = 4096;

    // Registers (3.1.3).
    private static final int CAPABILITIES = 0x00;
    private static final int CONFIGURATION = 0x14;
    private static final int STATUS = 0x1C;
    private static final int ADMIN_QUEUE_SIZES = 0x24;
    private static final int ADMIN_SUBMISSION = 0x28;
    private static final int ADMIN_COMPLETION = 0x30;
    private static final int DOORBELLS = 0x1000;
    private static final int ENABLE = 1;
    /** Entries of 64 and 16 bytes, as powers of two; pages of 4 KiB. */
    private static final int ENTRY_SIZES = 6 << 16 | 4 << 20;
    private static final int READY = 1;
    private static final long HALF_SECOND = 500_000_000L;

    // Commands (5, and the NVM Command Set Specification 3.2).
    private static final int CREATE_SUBMISSION_QUEUE = 0x01;
    private static final int CREATE_COMPLETION_QUEUE = 0x05;
    private static final int IDENTIFY = 0x06;
    private static final int WRITE = 0x01;
    private static final int READ = 0x02;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DeviceLink link;
    private final Mmio registers;
    private final QueuePair admin;
    private final QueuePair blocks;

    /**
     * What the controller says of itself and its first namespace.
     *
     * @param size blocks
     * @param blockBytes bytes of one
     */
    record Identity(String serial, String model, long size, int blockBytes) {}

    /** Starts the controller: reset, queues for administration, ready, queues for blocks. */
    Controller(DeviceLink link) {
        this.link = link;
        ConfigSpace config = link.config();
        int code = config.read32(Header.REVISION_ID) >>> 8;
        if (code != CLASS_NVME) {
            throw new IllegalStateException("%s has class %06x, no NVMe controller".formatted(link.identity().address(), code));
        }
        config.write16(Header.COMMAND, config.read16(Header.COMMAND) | PciRegister.Command.MEMORY_SPACE_ENABLE
                | PciRegister.Command.BUS_MASTER_ENABLE);
        registers = link.bar(0);
        enable(false);
        link.interrupts().enable(2);
        admin = queues(0);
        registers.write32(ADMIN_QUEUE_SIZES, QueuePair.ENTRIES - 1 | QueuePair.ENTRIES - 1 << 16);
        registers.write64(ADMIN_SUBMISSION, admin.commandsIova());
        registers.write64(ADMIN_COMPLETION, admin.completionsIova());
        enable(true);
        blocks = queues(1);
        int place = 1 | QueuePair.ENTRIES - 1 << 16;
        administer(new Command(CREATE_COMPLETION_QUEUE, 0, blocks.completionsIova(), place, 1 << 16 | 1 << 1 | 1)); // vector 1, on, in one piece
        administer(new Command(CREATE_SUBMISSION_QUEUE, 0, blocks.commandsIova(), place, 1 << 16 | 1)); // completions go to queue 1
    }

    private QueuePair queues(int number) {
        long stride = 4L << (registers.read64(CAPABILITIES) >>> 32 & 0xF);
        return new QueuePair(link, registers.slice(DOORBELLS + 2L * number * stride, 2 * stride), number);
    }

    private void enable(boolean enabled) {
        registers.write32(CONFIGURATION, enabled ? ENTRY_SIZES | ENABLE : 0);
        long patience = (registers.read64(CAPABILITIES) >>> 24 & 0xFF) * HALF_SECOND;
        long deadline = link.runtime().deadline(patience);
        while ((registers.read32(STATUS) & READY) != (enabled ? READY : 0)) {
            if (link.runtime().nanos() > deadline) {
                throw new IllegalStateException("the controller's status is still 0x%x".formatted(registers.read32(STATUS)));
            }
            link.runtime().sleep(1_000_000);
        }
    }

    private void administer(Command command) {
        int status = admin.run(command);
        if (status != 0) {
            throw new IllegalStateException("administrative command 0x%02x ended with status 0x%x".formatted(command.opcode(), status));
        }
    }

    Identity identify() {
        try (DmaMapping page = link.dma().allocate(PAGE, DmaAccess.DEVICE_WRITES)) {
            MemorySegment data = page.memory();
            administer(new Command(IDENTIFY, 0, page.iova(), 1)); // the controller
            String serial = text(data, 4, 20);
            String model = text(data, 24, 40);
            administer(new Command(IDENTIFY, NAMESPACE, page.iova(), 0)); // a namespace
            int format = data.get(ValueLayout.JAVA_BYTE, 26) & 0xF;
            int blockLog2 = data.get(INT, 128 + 4L * format) >>> 16 & 0xFF;
            return new Identity(serial, model, data.get(LONG, 0), 1 << blockLog2);
        }
    }

    private static String text(MemorySegment data, long offset, int length) {
        return new String(data.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII).strip();
    }

    /** Writes blocks from host memory, at most one page; returns the status. */
    int write(long block, int count, long iova) {
        return blocks.run(new Command(WRITE, NAMESPACE, iova, (int) block, (int) (block >>> 32), count - 1));
    }

    /** Reads blocks into host memory, at most one page; returns the status. */
    int read(long block, int count, long iova) {
        return blocks.run(new Command(READ, NAMESPACE, iova, (int) block, (int) (block >>> 32), count - 1));
    }

    /** A stopped controller uses no queue any more. */
    @Override
    public void close() {
        enable(false);
        blocks.close();
        admin.close();
    }
}
