package dev.openppu.abi.planted;

import dev.openppu.driver.planted.DriverThatKnowsTheModel;

/** Planted: what both sides share belongs to one. */
public final class AbiThatUsesTheDriver {
    public Class<?> driver() {
        return DriverThatKnowsTheModel.class;
    }
}
