package dev.openppu.driver.tix;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to launch a .tix file: what its lines {@code //! …} say (docs/tix.md, "Launch header"). Parts that are not there must come from the command line.
 *
 * <pre>
 *  //! kernel matmul
 *  //! block 16,16
 *  //! grid ceil(n/16),ceil(m/16)
 *  //! shared 0
 *  //! arg a = in a f4[m,k]
 *  //! arg c = out c f4[m,n]
 *  //! arg n = n
 *  //! verify c = matmul(a,b)
 * </pre>
 *
 * @param kernel the kernel's name
 * @param block threads in x, y, z; empty, or one to three expressions
 * @param grid blocks in x, y, z; the same
 * @param sharedBytes dynamic shared memory
 * @param arguments in order of their lines
 * @param verification how to check the result
 */
public record LaunchHeader(Optional<String> kernel, List<LaunchExpression> block, List<LaunchExpression> grid, LaunchExpression sharedBytes,
        List<LaunchArgument> arguments, Optional<Verification> verification) {
    public LaunchHeader {
        block = List.copyOf(block);
        grid = List.copyOf(grid);
        arguments = List.copyOf(arguments);
    }

    /**
     * A reference that the result is to be compared with.
     *
     * @param result name of the array to check
     * @param function the reference's name, such as {@code matmul}
     * @param arguments names of the arrays it is given
     */
    public record Verification(String result, String function, List<String> arguments) {
        public Verification {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * Reads the header of a file.
     *
     * @param file its name, for messages
     * @param source its bytes
     * @return what it says; everything empty when it has no header
     * @throws TixException with every mistake in it
     */
    public static LaunchHeader parse(String file, byte[] source) throws TixException {
        return new LaunchHeaderParser(SourceText.of(file, source)).parse();
    }

    /**
     * Values of one to three extents, the missing ones 1.
     *
     * @throws LaunchExpressionException when one has no value or is not positive
     */
    public static int[] extents(List<LaunchExpression> expressions, Map<String, Long> names) throws LaunchExpressionException {
        int[] result = {1, 1, 1};
        for (int i = 0; i < expressions.size(); i++) {
            long value = expressions.get(i).evaluate(names);
            if (value <= 0 || value > Integer.MAX_VALUE) {
                throw new LaunchExpressionException(expressions.get(i) + " is " + value + ", not 1 to 2^31-1");
            }
            result[i] = (int) value;
        }
        return result;
    }
}
