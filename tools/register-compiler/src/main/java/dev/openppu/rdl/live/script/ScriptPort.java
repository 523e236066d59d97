package dev.openppu.rdl.live.script;

import dev.openppu.rdl.live.LiveRegisters;
import java.util.function.Function;

/** What a script speaks to: software's port, which may be behind a link, and hardware's, which is the live map itself. */
public interface ScriptPort {

    /** Software reads; see {@link LiveRegisters#read}. */
    long read(long address, int bytes);

    /** Software writes; see {@link LiveRegisters#write}. */
    void write(long address, int bytes, long value);

    /** Does something to the live map, alone. */
    <T> T hardware(Function<LiveRegisters, T> action);

    /** Both ports of a live map that nobody else uses. */
    static ScriptPort direct(LiveRegisters registers) {
        return new ScriptPort() {
            @Override
            public long read(long address, int bytes) {
                return registers.read(address, bytes);
            }

            @Override
            public void write(long address, int bytes, long value) {
                registers.write(address, bytes, value);
            }

            @Override
            public <T> T hardware(Function<LiveRegisters, T> action) {
                return action.apply(registers);
            }
        };
    }
}
