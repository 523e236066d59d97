package dev.openppu.rdl.live;

import org.jspecify.annotations.Nullable;

/** What is behind one cell besides its fields. */
final class Hooks {
    @Nullable
    ReadHook beforeRead;
    @Nullable
    WriteHook afterWrite;
    @Nullable
    FieldHook modify;
    @Nullable
    FieldHook access;
    @Nullable
    UserReadHook userRead;
    @Nullable
    UserWriteHook userWrite;
    @Nullable
    ExternalRegisters outside;
    /** Whether a field of the cell has a strobe that something listens to. */
    boolean strobes;
}
