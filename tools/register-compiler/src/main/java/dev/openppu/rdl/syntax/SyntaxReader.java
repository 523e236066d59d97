package dev.openppu.rdl.syntax;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceText;
import dev.openppu.rdl.source.Span;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/** Reads a text into a syntax tree. */
public final class SyntaxReader {

    private final SourceText text;
    private final Diagnostics diagnostics;

    /** Reads {@code text}, and reports to {@code diagnostics}. */
    public SyntaxReader(SourceText text, Diagnostics diagnostics) {
        this.text = text;
        this.diagnostics = diagnostics;
    }

    /** The tree of the text's first {@code end} characters; incomplete if errors were reported. */
    public SystemRdlParser.RootContext readRoot(int end) {
        return read(0, end, SystemRdlParser::root);
    }

    /** The tree of the text from {@code start} on, as bindings of parameters; incomplete if errors were reported. */
    public SystemRdlParser.ParameterBindingsContext readBindings(int start) {
        return read(start, text.text().length(), SystemRdlParser::parameterBindings);
    }

    private interface Rule<T> {
        T parse(SystemRdlParser parser);
    }

    private <T> T read(int start, int end, Rule<T> rule) {
        SystemRdlLexer lexer = new SystemRdlLexer(new TextStream(text.text(), start, end));
        lexer.removeErrorListeners();
        CommonTokenStream tokens = new CommonTokenStream(lexer);
        SystemRdlParser parser = new SystemRdlParser(tokens);
        parser.removeErrorListeners();
        // The fast prediction mode parses every correct text; only where it fails is the exact one needed, for the message.
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            return rule.parse(parser);
        } catch (ParseCancellationException e) {
            tokens.seek(0);
            parser.reset();
            parser.addErrorListener(new Reporter());
            parser.setErrorHandler(new DefaultErrorStrategy());
            parser.getInterpreter().setPredictionMode(PredictionMode.LL);
            return rule.parse(parser);
        }
    }

    private final class Reporter extends BaseErrorListener {
        @Override
        public void syntaxError(Recognizer<?, ?> recognizer, @Nullable Object symbol, int line, int column, String message,
                @Nullable RecognitionException e) {
            Token token = (Token) symbol;
            int start = token == null ? 0 : token.getStartIndex();
            int end = token == null || token.getType() == Token.EOF ? start : token.getStopIndex() + 1;
            diagnostics.error(new Span(start, Math.max(start, end)), message);
        }
    }
}
