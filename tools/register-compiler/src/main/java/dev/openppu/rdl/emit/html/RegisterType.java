package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Register;

/** What registers with the same contents share: one section of a chapter. */
final class RegisterType implements DescribedType {

    private Register sample;
    private int number = -1;

    RegisterType(Register sample) {
        this.sample = sample;
    }

    /** The first of them in the document. */
    Register sample() {
        return sample;
    }

    @Override
    public String id() {
        return "r-" + number;
    }

    /** The anchor of the {@code index}-th field, the lowest being 0. */
    String fieldId(int index) {
        return "f-" + number + "-" + index;
    }

    /** The anchor of the values that the {@code index}-th field can have. */
    String enumId(int index) {
        return "e-" + number + "-" + index;
    }

    @Override
    public boolean isNumbered() {
        return number >= 0;
    }

    /** Gives it its place in the document, below {@code first}. */
    void number(int next, Register first) {
        number = next;
        sample = first;
    }
}
