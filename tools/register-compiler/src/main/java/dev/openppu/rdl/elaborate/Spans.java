package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.source.Span;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Where nodes of the syntax tree stand in the text. */
final class Spans {

    private Spans() {}

    static Span of(ParserRuleContext tree) {
        Token stop = tree.getStop() == null ? tree.getStart() : tree.getStop();
        return new Span(tree.getStart().getStartIndex(), Math.max(tree.getStart().getStartIndex(), stop.getStopIndex() + 1));
    }

    static Span of(Token token) {
        return new Span(token.getStartIndex(), token.getStopIndex() + 1);
    }
}
