package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.rdl.emit.text.TreeEmitter;
import dev.openppu.rdl.model.AddressMap;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl tree}: a map at a glance. */
@Command(name = "tree", sortOptions = false, description = "Shows blocks and registers as a tree; an array is one line.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl tree chip.rdl", "  ppu rdl tree --depth 1 chip.rdl", "  ppu rdl tree --fields --top uart chip.rdl"})
final class RdlTreeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Option(names = "--depth", paramLabel = "N", description = "Levels below the root; without it, all.")
    private @Nullable Integer depth;

    @Option(names = "--fields", description = "Show the fields, too.")
    private boolean fields;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "SystemRDL, CMSIS-SVD (.svd), or a compiled map (.json).")
    private final List<Path> files = new ArrayList<>();

    RdlTreeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        int levels = depth == null ? Integer.MAX_VALUE : depth;
        if (levels < 0) {
            throw new BadInputException("--depth is 0 or more, not " + levels);
        }
        TreeEmitter tree = new TreeEmitter(levels, fields);
        PrintWriter out = new PrintWriter(invocation.out(), false, invocation.out().charset());
        for (AddressMap map : new MapSource(options, invocation.terminal().err()).maps(files)) {
            tree.emit(map, out);
        }
        out.flush();
        return ExitStatus.OK;
    }
}
