package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.MsixTable;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.EventPoll;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** MSI-X by eventfds: does for the table what a kernel does, and counts what a thread of its own finds in the descriptors. */
final class LibraryInterrupts implements Interrupts, AutoCloseable {
    private static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

    private final LibraryDevice device;
    private final ConfigSpace config;
    private final IntFunction<Mmio> bars;
    private final IntConsumer arrived;
    private final int capability;
    private final int vectors;
    private final AtomicLongArray delivered;
    private volatile @Nullable MsixTable table;
    private @Nullable Receiver receiver;

    /**
     * @param bars windows onto BARs, by their index
     * @param arrived is told of each vector that a message came for, after it was counted
     */
    LibraryInterrupts(LibraryDevice device, ConfigSpace config, IntFunction<Mmio> bars, IntConsumer arrived) {
        this.device = device;
        this.config = config;
        this.bars = bars;
        this.arrived = arrived;
        this.capability = Capabilities.find(config, Msix.ID).map(Capability::offset).orElse(0);
        this.vectors = capability == 0
                ? 0
                : Math.min(device.info().vectors(), (config.read16(capability + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK) + 1);
        this.delivered = new AtomicLongArray(vectors);
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public synchronized void enable(int count) {
        if (count < 1 || count > vectors) {
            throw new LinkException("cannot enable %d MSI-X vectors: the device has %d".formatted(count, vectors));
        }
        int size = (config.read16(capability + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK) + 1;
        MsixTable fresh = new MsixTable(window(Msix.TABLE, MsixTable.tableBytes(size)), window(Msix.PENDING, MsixTable.pendingBytes(size)),
                size);
        control(Msix.FUNCTION_MASK | Msix.ENABLE, Msix.FUNCTION_MASK | Msix.ENABLE);
        stopReceiving();
        for (int vector = 0; vector < vectors; vector++) {
            delivered.set(vector, 0);
        }
        receiver = new Receiver(count);
        for (int vector = 0; vector < size; vector++) {
            fresh.mask(vector, true);
            if (vector < count) {
                fresh.message(vector, MESSAGE_ADDRESS, vector);
                fresh.mask(vector, false);
            }
        }
        table = fresh;
        control(Msix.FUNCTION_MASK, 0);
    }

    private Mmio window(int register, int bytes) {
        int place = config.read32(capability + register);
        return bars.apply(place & Msix.BIR_MASK).slice(place & ~Msix.BIR_MASK, bytes);
    }

    private void control(int mask, int value) {
        int register = capability + Msix.MESSAGE_CONTROL;
        config.write16(register, config.read16(register) & ~mask | value);
    }

    @Override
    public synchronized void disable() {
        if (vectors > 0) {
            control(Msix.FUNCTION_MASK | Msix.ENABLE, 0);
        }
        stopReceiving();
        table = null;
    }

    private void stopReceiving() {
        Receiver former = receiver;
        receiver = null;
        if (former != null) {
            former.close();
        }
    }

    @Override
    public long delivered(int vector) {
        check(vector);
        return delivered.getAcquire(vector);
    }

    @Override
    public void mask(int vector) {
        check(vector);
        enabledTable().mask(vector, true);
        // the write is posted: read it back, so that no message is sent after this call returns
        enabledTable().masked(vector);
    }

    @Override
    public void unmask(int vector) {
        check(vector);
        enabledTable().mask(vector, false);
    }

    @Override
    public boolean pending(int vector) {
        check(vector);
        return enabledTable().pending(vector);
    }

    private MsixTable enabledTable() {
        MsixTable enabled = table;
        if (enabled == null) {
            throw new LinkException("MSI-X is not enabled");
        }
        return enabled;
    }

    private void check(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new LinkException("MSI-X vector %d: the device has %d".formatted(vector, vectors));
        }
    }

    /** After the device has been closed. */
    @Override
    public synchronized void close() {
        stopReceiving();
    }

    /** The descriptors of the vectors in use, and who reads them. */
    private final class Receiver implements AutoCloseable {
        private final List<EventDescriptor> events = new ArrayList<>();
        private final EventDescriptor end = new EventDescriptor();
        private final Thread thread;
        private volatile boolean ended;

        Receiver(int count) {
            try {
                for (int vector = 0; vector < count; vector++) {
                    events.add(new EventDescriptor());
                    device.setInterrupt(vector, events.get(vector).number());
                }
            } catch (RuntimeException e) {
                takeBack();
                throw e;
            }
            thread = Thread.ofPlatform().daemon().name("ppu-library-interrupts").start(this::receive);
        }

        private void receive() {
            List<EventDescriptor> all = new ArrayList<>(events);
            all.add(end);
            try (EventPoll poll = new EventPoll(all)) {
                while (!ended) {
                    poll.await(this::take);
                }
            }
        }

        private void take(int place) {
            if (place < events.size()) {
                long count = events.get(place).take();
                if (count != 0) {
                    delivered.getAndAdd(place, count);
                    arrived.accept(place);
                }
            }
        }

        /** First the device lets go of the descriptors, then the thread, then they are closed: the kernel gives their numbers to others. */
        @Override
        public void close() {
            ended = true;
            end.signal();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            takeBack();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void takeBack() {
            for (int vector = 0; vector < events.size(); vector++) {
                try {
                    device.setInterrupt(vector, -1);
                } catch (LinkException e) {
                    // closed: it writes to none any more
                }
                events.get(vector).close();
            }
            end.close();
        }
    }
}
