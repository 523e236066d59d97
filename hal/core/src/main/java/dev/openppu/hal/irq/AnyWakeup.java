package dev.openppu.hal.irq;

/** Nothing to arm. */
enum AnyWakeup implements Wakeup {
    INSTANCE;

    @Override
    public int vector() {
        return ANY;
    }

    @Override
    public long arm() {
        return Long.MAX_VALUE;
    }

    @Override
    public void disarm() {
        // nothing was armed
    }
}
