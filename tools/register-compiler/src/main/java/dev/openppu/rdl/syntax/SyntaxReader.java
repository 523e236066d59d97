package dev.openppu.rdl.syntax;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceText;
import dev.openppu.rdl.source.Span;
import java.util.Set;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.WritableToken;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/** Reads a text into a syntax tree. */
public final class SyntaxReader {

    /** Keywords that stand for names are taken for names up to here, one reading of the text for each. */
    private static final int MOST_KEYWORDS = 20;
    private static final Set<String> AFTER_NAMES = Set.of(";", ",", "[", "@", "=", "+=", "%=");
    private static final Set<String> AFTER_PATHS = Set.of("[", ".", "->");

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
            return readExactly(parser, tokens, rule);
        }
    }

    /** Reads a text that is wrong. A keyword in a name's place is reported and taken for a name, so that what follows is not blamed. */
    private <T> T readExactly(SystemRdlParser parser, CommonTokenStream tokens, Rule<T> rule) {
        tokens.fill();
        int end = reportTokens(tokens);
        parser.setErrorHandler(new DefaultErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.LL);
        for (int misnamed = 0;; misnamed++) {
            tokens.seek(0);
            parser.reset();
            parser.removeErrorListeners();
            parser.addErrorListener(new Reporter(end, misnamed < MOST_KEYWORDS));
            try {
                return rule.parse(parser);
            } catch (KeywordAsName e) {
                diagnostics.error(spanOf(e.token), "'" + e.token.getText() + "' is a keyword of the language",
                        "as a name, write it '\\" + e.token.getText() + "'");
                ((WritableToken) e.token).setType(SystemRdlParser.ID);
            }
        }
    }

    /**
     * Reports tokens that are none. Numbers go on as numbers; what has no end leaves nothing to read.
     *
     * @return where what can be read ends
     */
    private int reportTokens(CommonTokenStream tokens) {
        for (Token token : tokens.getTokens()) {
            switch (token.getType()) {
                case SystemRdlLexer.OPEN_STRING -> {
                    return reportOpen(token, "this string has no end", "'\"' ends it; within, write '\\\"'");
                }
                case SystemRdlLexer.OPEN_COMMENT -> {
                    return reportOpen(token, "this comment has no end", "'*/' ends it");
                }
                case SystemRdlLexer.BAD_INTEGER -> {
                    diagnostics.error(spanOf(token), "'" + token.getText() + "' is no number",
                            "write 8'hFF, 8'd255, 8'o377 or 8'b1111_1111");
                    ((WritableToken) token).setType(SystemRdlParser.INTEGER);
                }
                default -> {
                }
            }
        }
        return Integer.MAX_VALUE;
    }

    private int reportOpen(Token token, String message, String hint) {
        diagnostics.error(new Span(token.getStartIndex(), token.getStartIndex() + 1), message, hint);
        return token.getTokenIndex();
    }

    private static Span spanOf(@Nullable Token token) {
        int start = token == null ? 0 : token.getStartIndex();
        int end = token == null || token.getType() == Token.EOF ? start : token.getStopIndex() + 1;
        return new Span(start, Math.max(start, end));
    }

    /** Stops the parser at a keyword that stands where a name is meant. */
    private static final class KeywordAsName extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Token token;

        KeywordAsName(Token token) {
            super(null, null, false, false);
            this.token = token;
        }
    }

    private final class Reporter extends BaseErrorListener {
        private final int end;
        private final boolean stopsAtKeywords;

        /** Reports what is wrong before the token {@code end}. */
        Reporter(int end, boolean stopsAtKeywords) {
            this.end = end;
            this.stopsAtKeywords = stopsAtKeywords;
        }

        @Override
        public void syntaxError(Recognizer<?, ?> recognizer, @Nullable Object symbol, int line, int column, String message,
                @Nullable RecognitionException e) {
            Token token = (Token) symbol;
            if (token != null && token.getTokenIndex() >= end) {
                return;
            }
            Token keyword = stopsAtKeywords && token != null ? keywordAsName(token, message, (Parser) recognizer) : null;
            if (keyword != null) {
                throw new KeywordAsName(keyword);
            }
            diagnostics.error(spanOf(token), shorten(message));
        }

        /** The keyword that is meant as a name: where a name would do, or before what follows names; or null. */
        private static @Nullable Token keywordAsName(Token token, String message, Parser parser) {
            TokenStream tokens = parser.getInputStream();
            int at = token.getTokenIndex();
            if (!isKeyword(token)) {
                Token before = at > 0 ? tokens.get(at - 1) : token;
                return isKeyword(before) && AFTER_PATHS.contains(token.getText()) ? before : null;
            }
            boolean isName = message.startsWith("extraneous") || parser.getExpectedTokens().contains(SystemRdlParser.ID)
                    || at + 1 < tokens.size() && AFTER_NAMES.contains(tokens.get(at + 1).getText());
            return isName ? token : null;
        }

        private static boolean isKeyword(Token token) {
            return token.getType() != SystemRdlParser.ID && !token.getText().isEmpty()
                    && Character.isLetter(token.getText().charAt(0));
        }

        /** ANTLR lists all that could have come; where that is a lot, the list helps nobody. */
        private static String shorten(String message) {
            int list = message.indexOf(" expecting {");
            boolean isLong = list >= 0 && message.length() - list > 60;
            return (isLong ? message.substring(0, list) : message).replace("INTERRUPT_MODIFIER", "a kind of interrupt")
                    .replace("ACCESS_KEYWORD", "an access type").replace("ADDRESSING_KEYWORD", "an addressing mode")
                    .replace("STRING_LITERAL", "a string").replace("SIZED_INTEGER", "a sized number").replace("INTEGER", "a number")
                    .replace("ID", "a name").replace("<EOF>", "the end of the file");
        }
    }
}
