package dev.openppu.model.sim;

/** Tracing is off. */
enum NoTrace implements Trace {
    INSTANCE;

    @Override
    public boolean on() {
        return false;
    }

    @Override
    public void record(String actor, String kind, String detail) {}
}
