package dev.openppu.rdl.syntax;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceText;
import dev.openppu.rdl.source.Span;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Parser;
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
            Span span = new Span(start, Math.max(start, end));
            if (token != null && isKeyword(token) && (message.startsWith("extraneous") || expectsName((Parser) recognizer))) {
                diagnostics.error(span, "'" + token.getText() + "' is a keyword of the language",
                        "as a name, write it '\\" + token.getText() + "'");
            } else {
                diagnostics.error(span, shorten(message));
            }
        }

        private static boolean isKeyword(Token token) {
            return token.getType() != SystemRdlParser.ID && !token.getText().isEmpty()
                    && Character.isLetter(token.getText().charAt(0));
        }

        private static boolean expectsName(Parser parser) {
            return parser.getExpectedTokens().contains(SystemRdlParser.ID);
        }

        /** ANTLR lists all that could have come; where that is a lot, the list helps nobody. */
        private static String shorten(String message) {
            int list = message.indexOf(" expecting {");
            boolean isLong = list >= 0 && message.length() - list > 60;
            return (isLong ? message.substring(0, list) : message).replace("ID", "a name").replace("<EOF>", "the end of the file");
        }
    }
}
