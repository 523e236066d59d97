package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.source.Diagnostics;
import java.util.List;

/** What the standard's chapter 11 asks of a memory and of the virtual registers in it. */
final class MemoryChecks {

    private static final int WIDEST = 1 << 20;

    private final Diagnostics diagnostics;
    private final Component memory;

    MemoryChecks(Diagnostics diagnostics, Component memory) {
        this.diagnostics = diagnostics;
        this.memory = memory;
    }

    void checkShape(long width, long entries) {
        if (width < 1 || width > WIDEST) {
            diagnostics.error(ModelBuilder.spanOf(memory, "memwidth"), "memwidth is " + width + ", but must be from 1 to " + WIDEST);
        }
        if (entries < 1) {
            diagnostics.error(ModelBuilder.spanOf(memory, "mementries"), "mementries is " + entries + ", but must be 1 at least");
        }
    }

    /** Virtual registers are no wider than the bytes of an entry, their fields no wider than the entry, and all fit in. */
    void checkContents(List<Node> registers, long occupied, long width, long entryBytes, long size) {
        if (occupied > size) {
            diagnostics.error(memory.span(), "the virtual registers need " + occupied + " bytes, but the memory has " + size);
        }
        for (Node node : registers) {
            if (node instanceof Register register) {
                checkRegister(register, width, entryBytes);
            }
        }
    }

    private void checkRegister(Register register, long width, long entryBytes) {
        if (register.width() > entryBytes * 8) {
            error(register, "virtual register '" + register.name() + "' has " + register.width() + " bits, but an entry of the memory only "
                    + entryBytes * 8);
            return;
        }
        register.fields().stream().filter(field -> field.high() >= width).findFirst().ifPresent(field -> error(field, register, width));
    }

    private void error(Field field, Register register, long width) {
        error(register, "field '" + field.name() + "' of virtual register '" + register.name() + "' has bits up to " + field.high()
                + ", but the memory only " + (width - 1) + " to 0");
    }

    private void error(Register register, String message) {
        Instance instance = memory.children().get(register.name());
        diagnostics.error(instance == null ? memory.span() : instance.span(), message, memory.span(), "the memory is defined here");
    }
}
