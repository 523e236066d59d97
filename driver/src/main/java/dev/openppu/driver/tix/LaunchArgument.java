package dev.openppu.driver.tix;

import java.util.List;
import java.util.Map;

/** Where the value of a kernel parameter comes from, as a launch header says. */
public sealed interface LaunchArgument {
    /** The kernel parameter's name. */
    String parameter();

    /** What elements of an array are: NumPy's f4, f8 and i4, and bytes of a gray picture. */
    enum Element {
        F4(4), F8(8), I4(4), GRAY8(1);

        private final int bytes;

        Element(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    /** Whether the kernel reads an array, writes it, or both. */
    enum Direction {
        IN, OUT, INOUT
    }

    /**
     * An array in device memory; the parameter is its address.
     *
     * @param parameter the kernel parameter
     * @param name the name it has on the command line ({@code --in name=file})
     * @param direction which way its content goes
     * @param shape element type and extents
     */
    record Array(String parameter, String name, Direction direction, Shape shape) implements LaunchArgument {}

    /** A picture in device memory, of the one that the command names ({@code --image}) or that it writes ({@code --out}); rows from the top, no padding. */
    record Picture(String parameter, Direction direction, Shape shape) implements LaunchArgument {}

    /** A number, passed in the parameter's own type. */
    record Value(String parameter, LaunchExpression expression) implements LaunchArgument {}

    /** Type and extents of an array, row-major, the last extent fastest. */
    record Shape(Element element, List<LaunchExpression> extents) {
        public Shape {
            extents = List.copyOf(extents);
        }

        /**
         * Matches the extents of a real array: a plain name that is not known yet takes its value, everything else must agree.
         *
         * @param names grows by the names that got a value
         * @throws LaunchExpressionException saying which extent is different
         */
        public void bind(long[] actual, Map<String, Long> names) throws LaunchExpressionException {
            if (actual.length != extents.size()) {
                throw new LaunchExpressionException(
                        "there are " + actual.length + " dimensions, " + extents.size() + " are expected: " + extents);
            }
            for (int i = 0; i < actual.length; i++) {
                LaunchExpression extent = extents.get(i);
                if (extent instanceof LaunchExpression.Name name && !names.containsKey(name.name())) {
                    names.put(name.name(), actual[i]);
                } else if (extent.evaluate(names) != actual[i]) {
                    throw new LaunchExpressionException(
                            "dimension " + i + " (" + extent + ") is " + actual[i] + ", not " + extent.evaluate(names));
                }
            }
        }

        /**
         * The extents as numbers.
         *
         * @throws LaunchExpressionException when one is not known or not positive
         */
        public long[] evaluate(Map<String, Long> names) throws LaunchExpressionException {
            long[] result = new long[extents.size()];
            for (int i = 0; i < result.length; i++) {
                result[i] = extents.get(i).evaluate(names);
                if (result[i] <= 0) {
                    throw new LaunchExpressionException("dimension " + i + " (" + extents.get(i) + ") is " + result[i]);
                }
            }
            return result;
        }
    }
}
