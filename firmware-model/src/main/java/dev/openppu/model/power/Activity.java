package dev.openppu.model.power;

/** Where engines say that they work, and learn how fast. The clock may be asked by any thread; the rest is called under the device's exclusion. */
public interface Activity {
    /** One more unit has work, or one less. */
    void units(int change);

    /** One more copy engine has work, or one less. */
    void copies(int change);

    /** Clock of the compute units now. */
    int megahertz();

    /** Engines of a device whose clock never changes. */
    static Activity constant(int megahertz) {
        return new Activity() {
            @Override
            public void units(int change) {}

            @Override
            public void copies(int change) {}

            @Override
            public int megahertz() {
                return megahertz;
            }
        };
    }
}
