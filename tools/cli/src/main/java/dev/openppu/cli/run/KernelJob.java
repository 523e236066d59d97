package dev.openppu.cli.run;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.cli.reference.Reference;
import dev.openppu.driver.Launch;
import dev.openppu.driver.tix.LaunchArgument.Direction;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A launch with everything that it needs, checked as far as that is possible without a device.
 *
 * @param code         what the file assembled to
 * @param kernel       the kernel
 * @param launch       its shape
 * @param arguments    one for each parameter, in their order
 * @param verification what to compare the result with, if that was asked for and is known
 */
record KernelJob(CodeObject code, KernelInfo kernel, Launch launch, List<Argument> arguments, Optional<Verification> verification) {
    KernelJob {
        arguments = List.copyOf(arguments);
    }

    /** What a parameter gets. */
    sealed interface Argument {}

    /** A number, as {@link dev.openppu.driver.Stream#launch} takes it. */
    record Scalar(Object value) implements Argument {}

    /**
     * Device memory.
     *
     * @param name      as users call it
     * @param direction which way its content goes
     * @param picture   whether it is a picture
     * @param array     its content on the host: what goes to the device, and what comes back
     * @param source    the file that it was read from
     */
    record Memory(String name, Direction direction, boolean picture, HostArray array, Optional<Path> source) implements Argument {
        boolean read() {
            return direction != Direction.OUT;
        }

        boolean written() {
            return direction != Direction.IN;
        }
    }

    /** {@code result = reference(inputs)}. */
    record Verification(Reference reference, Memory result, List<Memory> inputs) {
        Verification {
            inputs = List.copyOf(inputs);
        }

        String text() {
            return result.name() + " = " + reference.shortName() + "(" + String.join(", ", inputs.stream().map(Memory::name).toList())
                    + ")";
        }
    }

    List<Memory> memories() {
        return arguments.stream().filter(Memory.class::isInstance).map(Memory.class::cast).toList();
    }
}
