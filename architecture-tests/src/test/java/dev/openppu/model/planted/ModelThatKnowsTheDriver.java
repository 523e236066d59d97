package dev.openppu.model.planted;

import dev.openppu.driver.planted.DriverThatKnowsTheModel;

/** Planted: the model looks into the driver. */
public final class ModelThatKnowsTheDriver {
    public Class<?> driver() {
        return DriverThatKnowsTheModel.class;
    }
}
