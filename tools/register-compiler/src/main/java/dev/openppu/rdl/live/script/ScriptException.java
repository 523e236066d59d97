package dev.openppu.rdl.live.script;

/** A command that cannot be understood or carried out, or whose answer is another than the expected one. */
public final class ScriptException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean mismatch;

    private ScriptException(String message, boolean mismatch) {
        super(message);
        this.mismatch = mismatch;
    }

    /** A command that cannot be understood or carried out. */
    public static ScriptException error(String message) {
        return new ScriptException(message, false);
    }

    static ScriptException mismatch(String message) {
        return new ScriptException(message, true);
    }

    /** Whether the command was carried out, and only its answer was not the expected one. */
    public boolean isMismatch() {
        return mismatch;
    }
}
