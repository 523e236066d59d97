package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.file.PassedFile;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.IrqSet;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The function's MSI-X vectors as a client sets them up: a descriptor for each that is signalled, a mask, and descriptors that tell of masking. Device threads {@linkplain #raise raise}
 * vectors, one thread sets them up.
 */
final class IrqLines {
    private final ServedFunction function;
    private final Line[] lines;

    /** A vector. */
    private static final class Line {
        private @Nullable Descriptor trigger;
        private @Nullable Descriptor masked;
        private @Nullable Descriptor unmasked;
        private boolean mask;
        private boolean pending;

        synchronized void raise() {
            if (mask) {
                pending = true;
            } else {
                signal(trigger);
            }
        }

        synchronized void mask(boolean on) {
            if (mask == on) {
                return;
            }
            mask = on;
            signal(on ? masked : unmasked);
            if (!on && pending) {
                pending = false;
                signal(trigger);
            }
        }

        synchronized void connect(int action, @Nullable Descriptor to) {
            Descriptor before;
            switch (action) {
                case IrqSet.TRIGGER -> {
                    before = trigger;
                    trigger = to;
                }
                case IrqSet.MASK -> {
                    before = masked;
                    masked = to;
                }
                default -> {
                    before = unmasked;
                    unmasked = to;
                }
            }
            if (before != null) {
                before.close();
            }
        }

        synchronized void clear() {
            connect(IrqSet.TRIGGER, null);
            connect(IrqSet.MASK, null);
            connect(IrqSet.UNMASK, null);
            mask = false;
            pending = false;
        }

        private static void signal(@Nullable Descriptor event) {
            if (event != null) {
                EventDescriptor.signal(event);
            }
        }
    }

    IrqLines(ServedFunction function) {
        this.function = function;
        this.lines = new Line[function.vectors()];
        Arrays.setAll(lines, i -> new Line());
    }

    IrqInfo info(IrqInfo question) {
        requireKind(question.index());
        boolean msix = question.index() == PciIrq.MSIX;
        return new IrqInfo(IrqInfo.BYTES, msix ? IrqInfo.EVENTFD | IrqInfo.MASKABLE : 0, question.index(), msix ? lines.length : 0);
    }

    private static void requireKind(int index) {
        if (index < 0 || index >= PciIrq.COUNT) {
            throw ProtocolException.malformed("there is no kind %s of interrupt; there are %d".formatted(Integer.toUnsignedString(index),
                    PciIrq.COUNT));
        }
    }

    /** The device sends a vector's message. */
    void raise(int vector) {
        lines[vector].raise();
    }

    /** Carries out what a client wants with its interrupts; takes descriptors from the message. */
    void set(IrqSet set, Message message) {
        requireKind(set.index());
        if (set.index() != PciIrq.MSIX) {
            setAbsent(set);
            return;
        }
        if (set.count() > lines.length - set.start()) {
            throw ProtocolException.malformed("DEVICE_SET_IRQS is about vectors %d to %d; there are %d".formatted(set.start(),
                    set.start() + set.count() - 1, lines.length));
        }
        if (set.data() == IrqSet.DATA_EVENTFD) {
            connect(set, message);
        } else {
            message.allowDescriptors(0);
            act(set);
        }
    }

    /** Interrupts that the function does not have can be disabled, which changes nothing. */
    private static void setAbsent(IrqSet set) {
        if (set.count() != 0 || set.action() != IrqSet.TRIGGER) {
            throw ProtocolException.refused(
                    "DEVICE_SET_IRQS is about interrupts of kind %d, which the function does not have".formatted(set.index()),
                    ProtocolException.EINVAL);
        }
    }

    private void connect(IrqSet set, Message message) {
        if (message.descriptors() != 0 && message.descriptors() != set.count()) {
            throw ProtocolException
                    .malformed("DEVICE_SET_IRQS brings %d descriptors for %d vectors".formatted(message.descriptors(), set.count()));
        }
        for (int vector = set.start(); vector < set.start() + set.count(); vector++) {
            Descriptor event = message.descriptors() == 0 ? null : takeEvent(message);
            lines[vector].connect(set.action(), event);
            if (event != null && set.action() == IrqSet.TRIGGER) {
                function.enableVector(vector);
            }
        }
    }

    private static Descriptor takeEvent(Message message) {
        Descriptor descriptor = message.takeDescriptor();
        if (!PassedFile.isEvent(descriptor)) {
            descriptor.close();
            throw ProtocolException.malformed("DEVICE_SET_IRQS brings a descriptor that is no eventfd");
        }
        return descriptor;
    }

    private void act(IrqSet set) {
        if (set.data() == IrqSet.DATA_NONE && set.action() == IrqSet.TRIGGER && set.count() == 0) {
            function.disableVectors();
            clear();
            return;
        }
        for (int i = 0; i < set.count(); i++) {
            if (set.data() == IrqSet.DATA_NONE || set.chosen().get(i)) {
                act(lines[set.start() + i], set.action());
            }
        }
    }

    private static void act(Line line, int action) {
        if (action == IrqSet.TRIGGER) {
            line.raise();
        } else {
            line.mask(action == IrqSet.MASK);
        }
    }

    /** Nobody is signalled any more. */
    void clear() {
        for (Line line : lines) {
            line.clear();
        }
    }
}
