package com.example.nvme;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A submission queue and its completion queue, in host memory (3.3). Commands of 64 bytes go into the one; a doorbell tells the controller how far. It writes completions of 16 bytes into
 * the other, each with a phase bit that changes at every turn of the ring, then sends the queue's interrupt. One command at a time is enough here.
 */
final class QueuePair implements AutoCloseable {
    static final int ENTRIES = 16;

    private static final int COMMAND_BYTES = 64;
    private static final int COMPLETION_BYTES = 16;
    private static final int STATUS_AND_PHASE = 14;
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final DeviceLink link;
    private final Mmio doorbells;
    private final int vector;
    private final DmaMapping commands;
    private final DmaMapping completions;
    private int tail;
    private int head;
    private int phase = 1;

    /**
     * A command (3.3.3).
     *
     * @param opcode what to do
     * @param namespace on which namespace, 0 for none
     * @param data I/O virtual address of a page, 0 for none
     * @param dwords 10 to 12
     */
    record Command(int opcode, int namespace, long data, int... dwords) {}

    /** @param doorbells window onto this pair's two: the submission queue's tail, then the completion queue's head */
    QueuePair(DeviceLink link, Mmio doorbells, int vector) {
        this.link = link;
        this.doorbells = doorbells;
        this.vector = vector;
        this.commands = link.dma().allocate((long) ENTRIES * COMMAND_BYTES, DmaAccess.DEVICE_READS);
        this.completions = link.dma().allocate((long) ENTRIES * COMPLETION_BYTES, DmaAccess.DEVICE_WRITES);
    }

    long commandsIova() {
        return commands.iova();
    }

    long completionsIova() {
        return completions.iova();
    }

    /** Gives a command and waits for its completion; returns its status, 0 for success (3.3.3.2.1). */
    int run(Command command) {
        Interrupts interrupts = link.interrupts();
        long before = interrupts.delivered(vector);
        MemorySegment entry = commands.memory().asSlice((long) tail * COMMAND_BYTES, COMMAND_BYTES);
        entry.fill((byte) 0);
        entry.set(INT, 0, command.opcode | tail << 16); // the command's identifier is its place
        entry.set(INT, 4, command.namespace);
        entry.set(LONG, 24, command.data);
        for (int i = 0; i < command.dwords.length; i++) {
            entry.set(INT, 40 + 4L * i, command.dwords[i]);
        }
        tail = (tail + 1) % ENTRIES;
        doorbells.write32(0, tail); // a release store: the command is visible before it

        long completion = (long) head * COMPLETION_BYTES + STATUS_AND_PHASE;
        await("completion", () -> (status(completion) & 1) == phase);
        await("interrupt", () -> interrupts.delivered(vector) != before);
        int status = status(completion) >>> 1;
        head = (head + 1) % ENTRIES;
        phase ^= head == 0 ? 1 : 0;
        doorbells.write32(doorbells.size() / 2, head);
        return status;
    }

    private int status(long completion) {
        return (short) SHORT.getAcquire(completions.memory(), completion) & 0xFFFF;
    }

    private void await(String what, java.util.function.BooleanSupplier condition) {
        if (!link.runtime().await(condition, link.runtime().deadline(PATIENCE_NANOS))) {
            throw new IllegalStateException("no %s on vector %d".formatted(what, vector));
        }
    }

    /** When the controller has forgotten the queues, or is stopped. */
    @Override
    public void close() {
        commands.close();
        completions.close();
    }
}
