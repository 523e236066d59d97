package dev.openppu.cli.run;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.cli.BadInputException;
import dev.openppu.cli.file.InputFile;
import dev.openppu.cli.reference.Reference;
import dev.openppu.cli.run.KernelJob.Argument;
import dev.openppu.cli.run.KernelJob.Memory;
import dev.openppu.cli.run.Request.NamedFile;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.tix.LaunchArgument;
import dev.openppu.driver.tix.LaunchArgument.Direction;
import dev.openppu.driver.tix.LaunchArgument.Element;
import dev.openppu.driver.tix.LaunchArgument.Shape;
import dev.openppu.driver.tix.LaunchExpression;
import dev.openppu.driver.tix.LaunchExpressionException;
import dev.openppu.driver.tix.LaunchHeader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads a kernel's inputs, learns the sizes from them, and makes the launch of it all. For one thread, for one use. */
final class JobBuilder {
    private final LaunchPlan plan;
    private final Request request;
    private final Arena arena;
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, Memory> memories = new LinkedHashMap<>();

    /** @param arena gives the arrays their memory */
    JobBuilder(LaunchPlan plan, Request request, Arena arena) {
        this.plan = plan;
        this.request = request;
        this.arena = arena;
        plan.numbers().forEach((name, number) -> number.whole().filter(value -> value.bitLength() < Long.SIZE)
                .ifPresent(value -> sizes.put(name, value.longValue())));
    }

    /**
     * The whole job.
     *
     * @throws BadInputException if an input is missing, is none, or does not fit
     * @throws IOException       if a file cannot be read
     */
    KernelJob build(CodeObject code) throws IOException {
        plan.kernel().parameters().forEach(this::requireAddress);
        readInputs();
        makeOutputs();
        List<Argument> arguments = new ArrayList<>();
        for (KernelParameter parameter : plan.kernel().parameters()) {
            arguments.add(argument(parameter));
        }
        return new KernelJob(code, plan.kernel(), launch(), arguments, verification());
    }

    private void requireAddress(KernelParameter parameter) {
        boolean memory = plan.argument(parameter.name()).filter(argument -> !(argument instanceof LaunchArgument.Value)).isPresent();
        boolean address = parameter.bytes() == Long.BYTES && parameter.type().bytes() == Long.BYTES
                && (parameter.type().isInteger() || parameter.type().kind() == DataType.Kind.BITS);
        if (memory && !address) {
            throw new BadInputException(
                    "parameter " + parameter.name() + " is " + parameter.type().text() + "; an address takes 64 bits (.u64)");
        }
    }

    private void readInputs() throws IOException {
        List<NamedFile> arrays = NamedFile.taking(request.inputs());
        List<NamedFile> pictures = NamedFile.taking(request.images());
        List<LaunchArgument.Array> wantedArrays = arguments(LaunchArgument.Array.class, array -> array.direction() != Direction.OUT);
        List<LaunchArgument.Picture> wantedPictures = arguments(LaunchArgument.Picture.class,
                picture -> picture.direction() != Direction.OUT);
        List<String> arrayNames = wantedArrays.stream().map(LaunchArgument.Array::name).toList();
        List<String> pictureNames = wantedPictures.stream().map(LaunchArgument.Picture::parameter).toList();
        // before anything is said to be missing: a misspelt name is the likelier reason
        NamedFile.requireNone(NamedFile.strangers(arrays, arrayNames), "--in", arrayNames);
        NamedFile.requireNone(NamedFile.strangers(pictures, pictureNames), "--image", pictureNames);
        for (LaunchArgument.Picture picture : wantedPictures) {
            Path file = NamedFile.take(pictures, picture.parameter(), wantedPictures.size() == 1)
                    .map(InputFile::require)
                    .orElseThrow(() -> missing("--image " + (wantedPictures.size() == 1 ? "" : picture.parameter() + "=") + "FILE.png"));
            HostArray array = ArrayFiles.readPicture(file, picture.shape().element(), arena);
            bind(array, picture.shape(), file);
            add(picture.parameter(), new Memory(picture.parameter(), picture.direction(), true, array, Optional.of(file)));
        }
        for (LaunchArgument.Array wanted : wantedArrays) {
            Path file = NamedFile.take(arrays, wanted.name(), wantedArrays.size() == 1)
                    .map(InputFile::require)
                    .orElseThrow(() -> missing("--in " + wanted.name() + "=FILE.npy"));
            HostArray array = ArrayFiles.readArray(file, wanted.shape().element(), arena);
            bind(array, wanted.shape(), file);
            add(wanted.parameter(), new Memory(wanted.name(), wanted.direction(), false, array, Optional.of(file)));
        }
        NamedFile.requireNone(arrays, "--in", arrayNames);
        NamedFile.requireNone(pictures, "--image", pictureNames);
    }

    private <A extends LaunchArgument> List<A> arguments(Class<A> kind, Predicate<A> which) {
        return plan.header().arguments().stream().filter(kind::isInstance).map(kind::cast).filter(which).toList();
    }

    private BadInputException missing(String option) {
        return new BadInputException("kernel " + plan.kernel().name() + " needs an input: say " + option);
    }

    private void bind(HostArray array, Shape shape, Path file) {
        if (array.shape().contains(0L)) {
            throw new BadInputException(
                    file + " is " + array.describe() + ", an empty array: a kernel needs at least one element in each dimension");
        }
        try {
            shape.bind(array.shape().stream().mapToLong(Long::longValue).toArray(), sizes);
        } catch (LaunchExpressionException e) {
            throw new BadInputException(file + " is " + array.describe() + " and does not fit: " + e.getMessage(), e);
        }
    }

    private void add(String parameter, Memory memory) {
        memories.put(parameter, memory);
    }

    private void makeOutputs() {
        for (LaunchArgument.Array array : arguments(LaunchArgument.Array.class, each -> each.direction() == Direction.OUT)) {
            add(array.parameter(), new Memory(array.name(), Direction.OUT, false, allocate(array.name(), array.shape()), Optional.empty()));
        }
        for (LaunchArgument.Picture picture : arguments(LaunchArgument.Picture.class, each -> each.direction() == Direction.OUT)) {
            HostArray pixels = allocate(picture.parameter(), picture.shape());
            if (pixels.shape().size() != 2 || pixels.element() == Element.F8) {
                throw new BadInputException(
                        picture.parameter() + " is " + pixels.describe() + "; a picture is gray8, f4 or i4 [height, width]");
            }
            add(picture.parameter(), new Memory(picture.parameter(), Direction.OUT, true, pixels, Optional.empty()));
        }
    }

    private HostArray allocate(String name, Shape shape) {
        try {
            List<Long> extents = Arrays.stream(shape.evaluate(sizes)).boxed().toList();
            return new HostArray(shape.element(), extents, arena.allocate(HostArray.bytes(shape.element(), extents), Long.BYTES));
        } catch (LaunchExpressionException e) {
            throw new BadInputException("the size of " + name + " is not known: " + e.getMessage(), e);
        } catch (ArithmeticException | OutOfMemoryError e) {
            throw new BadInputException("there is no memory for " + name + ": " + e.getMessage(), e);
        }
    }

    private Argument argument(KernelParameter parameter) {
        NumberText number = plan.numbers().get(parameter.name());
        if (number != null) {
            return new KernelJob.Scalar(number.valueFor(parameter));
        }
        Memory memory = memories.get(parameter.name());
        if (memory != null) {
            return memory;
        }
        LaunchExpression expression = plan.argument(parameter.name()).map(LaunchArgument.Value.class::cast).orElseThrow().expression();
        return new KernelJob.Scalar(NumberText.of(evaluate("argument " + parameter.name(), expression)).valueFor(parameter));
    }

    private long evaluate(String what, LaunchExpression expression) {
        try {
            return expression.evaluate(sizes);
        } catch (LaunchExpressionException e) {
            throw new BadInputException(what + ": " + e.getMessage(), e);
        }
    }

    private Launch launch() {
        long shared = evaluate("shared", plan.header().sharedBytes());
        if (shared < 0 || shared > Integer.MAX_VALUE) {
            throw new BadInputException("shared memory of " + shared + " bytes is not possible");
        }
        return new Launch(extent("grid", plan.grid()), extent("block", plan.header().block()), (int) shared);
    }

    private Extent extent(String what, List<LaunchExpression> expressions) {
        try {
            int[] extents = LaunchHeader.extents(expressions, sizes);
            return Extent.of(extents[0], extents[1], extents[2]);
        } catch (LaunchExpressionException e) {
            throw new BadInputException(what + ": " + e.getMessage(), e);
        }
    }

    private Optional<KernelJob.Verification> verification() {
        if (!request.verify()) {
            return Optional.empty();
        }
        return plan.header().verification()
                .flatMap(wanted -> Reference.of(wanted.function()).map(reference -> verification(wanted, reference)));
    }

    private KernelJob.Verification verification(LaunchHeader.Verification wanted, Reference reference) {
        if (wanted.arguments().size() != reference.inputs()) {
            throw new BadInputException("verify: " + reference.shortName() + " takes " + reference.inputs() + " arrays, "
                    + wanted.arguments().size() + " are named");
        }
        List<Memory> inputs = wanted.arguments().stream().map(this::named).toList();
        Optional<Memory> changed = inputs.stream().filter(Memory::written).findFirst();
        changed.ifPresent(input -> {
            throw new BadInputException(
                    "verify: the kernel writes " + input.name() + ", so its input is not there any more when the result is checked");
        });
        return new KernelJob.Verification(reference, named(wanted.result()), inputs);
    }

    private Memory named(String name) {
        return memories.values().stream().filter(memory -> memory.name().equals(name)).findFirst()
                .orElseThrow(() -> new BadInputException(
                        "verify: there is no array " + name + "; there are " + memories.values().stream().map(Memory::name).toList()));
    }
}
