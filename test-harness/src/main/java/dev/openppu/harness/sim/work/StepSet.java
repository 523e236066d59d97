package dev.openppu.harness.sim.work;

import java.util.BitSet;
import java.util.StringJoiner;

/** Numbers of steps, written as {@code 0-12,40,77}; those of no step as {@code none}. */
public final class StepSet {
    private static final String NONE = "none";

    private final BitSet numbers;

    public StepSet(BitSet numbers) {
        this.numbers = (BitSet) numbers.clone();
    }

    /** @throws IllegalArgumentException with what is wrong, for a user to read */
    public static StepSet parse(String text) {
        BitSet numbers = new BitSet();
        if (text.equals(NONE)) {
            return new StepSet(numbers);
        }
        for (String range : text.split(",", -1)) {
            int dash = range.indexOf('-');
            try {
                int first = Integer.parseInt(range.substring(0, dash < 0 ? range.length() : dash).strip());
                int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1).strip());
                numbers.set(first, last + 1);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "'%s' is no set of steps: write numbers and ranges, like 0-12,40, or none".formatted(text), e);
            }
        }
        return new StepSet(numbers);
    }

    public boolean contains(int number) {
        return numbers.get(number);
    }

    public BitSet numbers() {
        return (BitSet) numbers.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StepSet set && set.numbers.equals(numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
        for (int first = numbers.nextSetBit(0); first >= 0;) {
            int end = numbers.nextClearBit(first);
            text.add(end - first == 1 ? Integer.toString(first) : first + "-" + (end - 1));
            first = numbers.nextSetBit(end);
        }
        return text.toString();
    }
}
