package dev.openppu.cli.run;

import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.cli.BadInputException;
import dev.openppu.driver.tix.LaunchArgument;
import dev.openppu.driver.tix.LaunchExpression;
import dev.openppu.driver.tix.LaunchHeader;
import dev.openppu.driver.tix.TixException;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How to launch a kernel, as the file's header and the command line say together. The command line goes before; if it names another kernel than the header,
 * nothing of the header counts.
 *
 * @param kernel    the kernel
 * @param header    shape and arguments of both
 * @param numbers   arguments that were given as numbers, by parameter
 */
record LaunchPlan(KernelInfo kernel, LaunchHeader header, Map<String, NumberText> numbers) {

    LaunchPlan {
        numbers = Map.copyOf(numbers);
    }

    /**
     * Puts both together.
     *
     * @throws TixException      if an option is not in the header's language
     * @throws BadInputException if there is no such kernel, or not everything is said that a launch needs
     */
    static LaunchPlan of(List<KernelInfo> kernels, LaunchHeader file, Request request) throws TixException {
        Map<String, NumberText> numbers = new LinkedHashMap<>();
        LaunchHeader options = LaunchHeader.parse("command line", headerOf(request, numbers).getBytes(StandardCharsets.UTF_8));
        boolean other = options.kernel().isPresent() && !options.kernel().equals(file.kernel());
        LaunchHeader described = other && file.kernel().isPresent() ? options : merged(file, options, request, numbers);
        KernelInfo kernel = kernel(kernels, described.kernel(), request);
        LaunchPlan plan = new LaunchPlan(kernel, described, numbers);
        plan.requireComplete(request);
        return plan;
    }

    /** The options as a header's lines, but for arguments that are plain numbers: those may be larger, or fractions. */
    private static String headerOf(Request request, Map<String, NumberText> numbers) {
        StringBuilder lines = new StringBuilder();
        request.kernel().ifPresent(text -> line(lines, "kernel", text));
        request.grid().ifPresent(text -> line(lines, "grid", text));
        request.block().ifPresent(text -> line(lines, "block", text));
        request.shared().ifPresent(text -> line(lines, "shared", text));
        for (String argument : request.args()) {
            int equals = argument.indexOf('=');
            Optional<NumberText> number = equals < 1 ? Optional.empty() : NumberText.parse(argument.substring(equals + 1).strip());
            number.ifPresentOrElse(value -> numbers.put(argument.substring(0, equals).strip(), value), () -> line(lines, "arg", argument));
        }
        return lines.toString();
    }

    private static void line(StringBuilder lines, String key, String text) {
        lines.append("//! ").append(key).append(' ').append(text.replace('\n', ' ')).append('\n');
    }

    private static LaunchHeader merged(LaunchHeader file, LaunchHeader options, Request request, Map<String, NumberText> numbers) {
        Map<String, LaunchArgument> arguments = new LinkedHashMap<>();
        file.arguments().forEach(argument -> arguments.put(argument.parameter(), argument));
        options.arguments().forEach(argument -> arguments.put(argument.parameter(), argument));
        numbers.keySet().forEach(arguments::remove);
        return new LaunchHeader(options.kernel().or(file::kernel), options.block().isEmpty() ? file.block() : options.block(),
                options.grid().isEmpty() ? file.grid() : options.grid(),
                request.shared().isPresent() ? options.sharedBytes() : file.sharedBytes(),
                List.copyOf(arguments.values()), file.verification());
    }

    private static KernelInfo kernel(List<KernelInfo> kernels, Optional<String> name, Request request) {
        String names = kernels.stream().map(KernelInfo::name).collect(Collectors.joining(", "));
        if (name.isEmpty() && kernels.size() == 1) {
            return kernels.getFirst();
        }
        if (name.isEmpty()) {
            throw new BadInputException(
                    request.tix() + (kernels.isEmpty() ? " has no kernel" : " has several kernels; choose one with --kernel: " + names));
        }
        return kernels.stream().filter(kernel -> kernel.name().equals(name.get())).findFirst()
                .orElseThrow(() -> new BadInputException(request.tix() + " has no kernel " + name.get() + "; it has: " + names));
    }

    private void requireComplete(Request request) {
        if (header.grid().isEmpty()) {
            throw new BadInputException("the grid is not given: say --grid X,Y,Z (in blocks), or '//! grid …' in " + request.tix());
        }
        if (header.block().isEmpty()) {
            throw new BadInputException("the block is not given: say --block X,Y,Z (in threads), or '//! block …' in " + request.tix());
        }
        List<String> names = kernel.parameters().stream().map(KernelParameter::name).toList();
        for (String parameter : names) {
            if (!numbers.containsKey(parameter) && argument(parameter).isEmpty()) {
                throw new BadInputException(
                        "parameter " + parameter + " of kernel " + kernel.name() + " has no argument: say --arg " + parameter
                                + "=…, or '//! arg " + parameter + " = …' in " + request.tix());
            }
        }
        header.arguments().stream().map(LaunchArgument::parameter).filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw unknownParameter(name, names);
        });
        numbers.keySet().stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw unknownParameter(name, names);
        });
    }

    private BadInputException unknownParameter(String name, List<String> names) {
        return new BadInputException("kernel " + kernel.name() + " has no parameter " + name + "; it has: " + String.join(", ", names));
    }

    Optional<LaunchArgument> argument(String parameter) {
        return header.arguments().stream().filter(argument -> argument.parameter().equals(parameter)).findFirst();
    }

    List<LaunchExpression> grid() {
        return header.grid();
    }
}
