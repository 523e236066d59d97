package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Terminal;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the parser hands on: its own complaints, with hints of what was meant, and what ended a command. */
final class ParserErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final GlobalOptions options;
    private final Terminal terminal;
    private final ErrorReport report;

    ParserErrors(GlobalOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
        report = new ErrorReport(options, terminal);
    }

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        report.fail(problem, problem.getMessage(), ExitStatus.BAD_INPUT);
        if (!options.json()) {
            UnmatchedArgumentException.printSuggestions(problem, command.getErr());
            terminal.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitStatus.BAD_INPUT;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) {
        return problem instanceof ParameterException misuse ? handleParseException(misuse, new String[0]) : report.of(problem);
    }
}
