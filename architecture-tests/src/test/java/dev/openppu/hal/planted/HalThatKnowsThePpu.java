package dev.openppu.hal.planted;

import dev.openppu.abi.planted.AbiThatUsesTheDriver;

/** Planted: the lowest floor uses one above. */
public final class HalThatKnowsThePpu {
    public Class<?> abi() {
        return AbiThatUsesTheDriver.class;
    }
}
