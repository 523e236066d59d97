package dev.openppu.rdl.live;

import java.math.BigInteger;

/** What a property that refers to something follows: its value at this moment. */
sealed interface Source permits Source.OfField, Source.OfReduction, Source.OfThreshold, Source.OfLine, Source.Constant, SignalLine {

    /** Its lowest 64 bits. */
    long get();

    /** 64 bits of it from bit {@code from} on. */
    default long bits(int from) {
        return from == 0 ? get() : from < 64 ? get() >>> from : 0;
    }

    /** All of it. */
    default BigInteger value() {
        return Wide.unsigned(get());
    }

    /** Whether it is active at all. */
    default boolean isOn() {
        return get() != 0;
    }

    /** Tells {@code follower} about every change. */
    void follow(Follower follower);

    /** A field. */
    record OfField(FieldBits field) implements Source {
        @Override
        public long get() {
            return field.bits(0);
        }

        @Override
        public long bits(int from) {
            return field.bits(from);
        }

        @Override
        public BigInteger value() {
            return field.value();
        }

        @Override
        public boolean isOn() {
            return !field.isZero();
        }

        @Override
        public void follow(Follower follower) {
            Propagation.follow(field, follower);
        }
    }

    /** How a field's bits come to one. */
    enum Reduction {
        ANDED, ORED, XORED
    }

    /** A field's {@code anded}, {@code ored} or {@code xored} output. */
    record OfReduction(FieldBits field, Reduction kind) implements Source {
        @Override
        public long get() {
            int ones = 0;
            for (BitSpan span : field.spans()) {
                ones += Long.bitCount(span.get());
            }
            return switch (kind) {
                case ANDED -> ones == field.width() ? 1 : 0;
                case ORED -> ones > 0 ? 1 : 0;
                case XORED -> ones & 1;
            };
        }

        @Override
        public void follow(Follower follower) {
            Propagation.follow(field, follower);
        }
    }

    /** A register's interrupt or halt output. */
    record OfLine(InterruptLine line, boolean halt) implements Source {
        @Override
        public long get() {
            return (halt ? line.halt() : line.level()) ? 1 : 0;
        }

        @Override
        public void follow(Follower follower) {
            line.follow(follower);
        }
    }

    /** Whether a counter has come up, or down, to a limit. */
    record OfThreshold(FieldBits field, Source limit, boolean falling) implements Source {
        @Override
        public long get() {
            int order = field.width() <= 64
                    ? Long.compareUnsigned(field.bits(0), limit.get())
                    : field.value().compareTo(limit.value());
            return (falling ? order <= 0 : order >= 0) ? 1 : 0;
        }

        @Override
        public void follow(Follower follower) {
            Propagation.follow(field, follower);
            limit.follow(follower);
        }
    }

    /** A constant. */
    record Constant(BigInteger value) implements Source {
        @Override
        public long get() {
            return value.longValue();
        }

        @Override
        public long bits(int from) {
            return Wide.word(value, from);
        }

        @Override
        public boolean isOn() {
            return value.signum() != 0;
        }

        @Override
        public void follow(Follower follower) {
            // It never changes.
        }
    }
}
