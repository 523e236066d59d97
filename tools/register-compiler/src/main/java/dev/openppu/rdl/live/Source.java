package dev.openppu.rdl.live;

/** What a property that refers to something follows: its value at this moment. */
sealed interface Source {

    long get();

    /** Whether it is active at all. */
    default boolean isOn() {
        return get() != 0;
    }

    /** A field. */
    record OfField(long[] values, int cell, int low, long ones) implements Source {
        @Override
        public long get() {
            return values[cell] >>> low & ones;
        }
    }

    /** A field's {@code anded}, {@code ored} or {@code xored} output. */
    record OfReduction(OfField field, String property) implements Source {
        @Override
        public long get() {
            long value = field.get();
            return switch (property) {
                case "anded" -> value == field.ones ? 1 : 0;
                case "ored" -> value != 0 ? 1 : 0;
                default -> Long.bitCount(value) & 1;
            };
        }
    }

    /** A signal. */
    record OfSignal(Signals signals, int id, boolean activeLow) implements Source {
        @Override
        public long get() {
            long level = signals.level(id);
            return activeLow ? ~level & 1 : level;
        }
    }

    /** A register's interrupt or halt output. */
    record OfLine(InterruptLine line, boolean halt) implements Source {
        @Override
        public long get() {
            return (halt ? line.halt() : line.level()) ? 1 : 0;
        }
    }

    /** A counter's threshold. */
    record OfThreshold(OfField field, long threshold, boolean falling) implements Source {
        @Override
        public long get() {
            int order = Long.compareUnsigned(field.get(), threshold);
            return (falling ? order <= 0 : order >= 0) ? 1 : 0;
        }
    }

    /** A constant. */
    record Constant(long value) implements Source {
        @Override
        public long get() {
            return value;
        }
    }
}
