package dev.openppu.cli.command;

import dev.openppu.abi.error.HgResult;
import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.cli.file.IoProblems;
import dev.openppu.cli.rdl.DiagnosticJson;
import dev.openppu.cli.rdl.RefusedSourceException;
import dev.openppu.cli.run.KernelFault;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInterruptedException;
import dev.openppu.driver.tix.TixException;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.WaitInterruptedException;
import dev.openppu.harness.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns every failure of a command into one message and an exit status; the stack trace only for those who ask. */
final class ErrorReport {
    private final GlobalOptions options;
    private final Terminal terminal;

    ErrorReport(GlobalOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    /** Reports what ended a command; returns the exit status. */
    int of(Exception problem) {
        return switch (problem) {
            case RefusedSourceException e -> refused(e);
            case LedgerException e -> fail(e, e.getMessage(), ExitStatus.BAD_INPUT);
            case BadInputException e -> fail(e, e.getMessage(), ExitStatus.BAD_INPUT);
            case TixException e -> invalidSource(e);
            case KernelFault e -> kernelFailed(e);
            case PpuInterruptedException e -> fail(e, "interrupted", ExitStatus.INTERRUPTED);
            case PpuException e -> failed(e, null);
            case WaitInterruptedException e -> fail(e, "interrupted", ExitStatus.INTERRUPTED);
            case LinkException e -> fail(e, e.getMessage(), ExitStatus.BAD_INPUT);
            case FileSystemException e -> fail(e, e.getFile() + ": " + IoProblems.describe(e), ExitStatus.BAD_INPUT);
            case IOException e -> fail(e, IoProblems.describe(e), ExitStatus.FAILED);
            default -> fail(problem, "internal error, please report it (with the output of --debug): " + problem, ExitStatus.FAILED);
        };
    }

    /** What the compiler said comes first, in full. */
    private int refused(RefusedSourceException e) {
        if (!options.json()) {
            e.diagnostics().forEach(diagnostic -> terminal.err().print(diagnostic.render()));
        }
        report(e, e.getMessage(), Json.object("diagnostics", DiagnosticJson.of(e.diagnostics())));
        return ExitStatus.BAD_INPUT;
    }

    /** The diagnostics already say where they are: nothing stands before them. */
    private int invalidSource(TixException e) {
        if (options.json() || options.debug()) {
            return fail(e, e.getMessage(), ExitStatus.BAD_INPUT);
        }
        terminal.err().println(e.getMessage());
        return ExitStatus.BAD_INPUT;
    }

    private int kernelFailed(KernelFault e) {
        if (!options.json()) {
            terminal.err().println(e.source() + ": the kernel failed here");
        }
        return failed(e.error(), e.source());
    }

    private int failed(PpuException e, @Nullable String source) {
        report(e, e.getMessage(), Json.object("object", e.object(), "device", e.device(), "hgresult", e.hgresult().number(), "hgresultName",
                e.hgresult().name(), "xid", e.xid().map(xid -> xid.number()).orElse(null), "exception",
                e.deviceException().isPresent() ? e.deviceException().getAsInt() : null, "remedy", e.remedy(), "source", source));
        return e.hgresult() == HgResult.INVALID_VALUE ? ExitStatus.BAD_INPUT : ExitStatus.FAILED;
    }

    /** Reports one failure under a message; returns {@code status}. */
    int fail(Exception problem, @Nullable String message, int status) {
        report(problem, message, Map.of());
        return status;
    }

    private void report(Exception problem, @Nullable String message, Map<String, Object> codes) {
        String text = message == null ? problem.toString() : message;
        if (options.json()) {
            Map<String, Object> error = Json.object("message", text);
            error.putAll(codes);
            Json.line(terminal.err(), Json.object("error", error));
        } else {
            terminal.err().println(terminal.paint(Colour.BAD, "ppu: ") + text);
        }
        if (options.debug()) {
            problem.printStackTrace(terminal.err());
        }
    }
}
