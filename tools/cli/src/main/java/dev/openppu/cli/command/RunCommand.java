package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.run.KernelRun;
import dev.openppu.cli.run.Request;
import dev.openppu.cli.run.Request.NamedFile;
import dev.openppu.cli.run.RunProgress;
import dev.openppu.cli.run.RunResult;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.tix.TixException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu run}: a kernel of the user's on files of the user's. */
@Command(name = "run", sortOptions = false, description = "Assembles a .tix file and runs a kernel of it on NumPy arrays or a picture. What the file's header ('//!' lines, see "
        + "docs/tix.md) says may be given, or overridden, by options.", footerHeading = "%nExamples:%n", footer = {
            "  ppu run examples/sobel.tix --image photo.png --out edges.png",
            "  ppu run examples/matmul.tix --in a=a.npy --in b=b.npy --out c=c.npy --verify",
            "  ppu run mine.tix --kernel scale --grid 'ceil(n/256)' --block 256 --arg x='inout x f4[n]' \\",
            "      --arg factor=0.5 --arg n=n --in x=x.npy --out y.npy"})
public final class RunCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE.tix", arity = "1", description = "The kernel's source.")
    private Path file = Path.of("");

    @Option(names = "--in", paramLabel = "NAME=FILE", description = "A NumPy array to read (.npy; f4, f8, i4; C order).")
    private List<String> inputs = new ArrayList<>();

    @Option(names = "--image", paramLabel = "FILE", description = "A picture to read (PNG and what else Java knows).")
    private List<String> images = new ArrayList<>();

    @Option(names = "--out", paramLabel = "[NAME=]FILE", description = "Where a result goes: .npy for an array, .png for a picture.")
    private List<String> outputs = new ArrayList<>();

    @Option(names = "--verify", description = "Compute the result again in plain Java and compare.")
    private boolean verify;

    @Option(names = "--kernel", paramLabel = "NAME", description = "Which kernel of the file.")
    private @Nullable String kernel;

    @Option(names = "--grid", paramLabel = "X[,Y[,Z]]", description = "Blocks; expressions of sizes are allowed.")
    private @Nullable String grid;

    @Option(names = "--block", paramLabel = "X[,Y[,Z]]", description = "Threads of a block.")
    private @Nullable String block;

    @Option(names = "--shared", paramLabel = "BYTES", description = "Dynamic shared memory of a block.")
    private @Nullable String shared;

    @Option(names = "--arg", paramLabel = "NAME=VALUE", description = "An argument: a number, an expression, or as a header's arg line has it.")
    private List<String> args = new ArrayList<>();

    @Option(names = "--watchdog", paramLabel = "CYCLES", description = "Longest that a block may run; 0 is no limit.")
    private @Nullable Long watchdog;

    public RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws TixException, IOException {
        Request request = new Request(file, Optional.ofNullable(kernel), Optional.ofNullable(grid), Optional.ofNullable(block),
                Optional.ofNullable(shared), args,
                files(inputs), files(images), files(outputs), verify);
        Progress progress = new Progress(invocation.terminal(), !invocation.json());
        String uri = invocation.options().deviceUri();
        RunResult result;
        try {
            result = KernelRun.run(request, () -> Ppu.open(uri, options()), progress);
        } finally {
            progress.clear();
        }
        if (invocation.json()) {
            Json.document(invocation.out(), result.json());
        } else {
            result.print(invocation.terminal());
        }
        return result.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private PpuOptions options() {
        PpuOptions.Builder builder = PpuOptions.builder();
        Long cycles = watchdog;
        return cycles == null ? builder.build() : builder.watchdogCycles(cycles).build();
    }

    private static List<NamedFile> files(List<String> texts) {
        return texts.stream().map(NamedFile::parse).toList();
    }

    /** One line that is rewritten while the kernel runs. */
    private static final class Progress implements RunProgress {
        private final Terminal terminal;
        private final boolean wanted;

        Progress(Terminal terminal, boolean text) {
            this.terminal = terminal;
            this.wanted = text && terminal.live();
        }

        @Override
        public boolean wanted() {
            return wanted;
        }

        @Override
        public void blocks(long finished, long total) {
            terminal.err().printf("%s%3d%%  %,d of %,d blocks", terminal.restartLine(), Math.min(100, finished * 100 / total), finished,
                    total);
            terminal.err().flush();
        }

        void clear() {
            if (wanted) {
                terminal.err().print(terminal.restartLine());
            }
        }
    }
}
