package dev.openppu.bench.contest;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a line must reach. */
public sealed interface Target {

    /** Java's value is at most so many times C's. */
    record RatioAtMost(double times) implements Target {
        @Override
        public String text() {
            return "<= " + number(times) + " x C";
        }

        @Override
        public Optional<Boolean> met(double java, OptionalDouble c) {
            return c.isPresent() ? Optional.of(java <= times * c.getAsDouble()) : Optional.empty();
        }
    }

    /** Java's value is at least so many times C's. */
    record RatioAtLeast(double times) implements Target {
        @Override
        public String text() {
            return ">= " + number(times) + " x C";
        }

        @Override
        public Optional<Boolean> met(double java, OptionalDouble c) {
            return c.isPresent() ? Optional.of(java >= times * c.getAsDouble()) : Optional.empty();
        }
    }

    /** Java's value is at most this, whatever C's is. */
    record JavaAtMost(double value) implements Target {
        @Override
        public String text() {
            return "<= " + number(value);
        }

        @Override
        public Optional<Boolean> met(double java, OptionalDouble c) {
            return Optional.of(java <= value);
        }
    }

    /** Java's value is at least this, whatever C's is. */
    record JavaAtLeast(double value) implements Target {
        @Override
        public String text() {
            return ">= " + number(value);
        }

        @Override
        public Optional<Boolean> met(double java, OptionalDouble c) {
            return Optional.of(java >= value);
        }
    }

    /** No target. */
    record Reported() implements Target {
        @Override
        public String text() {
            return "";
        }

        @Override
        public Optional<Boolean> met(double java, OptionalDouble c) {
            return Optional.empty();
        }
    }

    /** As the table shows it; empty if there is none. */
    String text();

    /** Whether it is met; empty if there is none, or nothing to compare with. */
    Optional<Boolean> met(double java, OptionalDouble c);

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith("00")
                ? text.substring(0, text.length() - 3)
                : text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
    }
}
