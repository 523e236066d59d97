package dev.openppu.driver.planted;

import dev.openppu.model.planted.ModelThatKnowsTheDriver;

/** Planted: the driver looks into the model. */
public final class DriverThatKnowsTheModel {
    private ModelThatKnowsTheDriver model = new ModelThatKnowsTheDriver();

    public ModelThatKnowsTheDriver model() {
        return model;
    }
}
