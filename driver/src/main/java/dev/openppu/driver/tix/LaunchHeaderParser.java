package dev.openppu.driver.tix;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Parses the {@code //!} lines of a file, wherever they stand. */
final class LaunchHeaderParser {
    private static final String MARK = "//!";
    private static final int MAX_DEPTH = 32;
    private static final int MAX_EXTENTS = 3;
    private static final List<String> KEYS = List.of("kernel", "block", "grid", "shared", "arg", "verify");
    private static final Map<String, LaunchArgument.Direction> DIRECTIONS = Map.of("in", LaunchArgument.Direction.IN, "out",
            LaunchArgument.Direction.OUT, "inout", LaunchArgument.Direction.INOUT);

    private final SourceText source;
    private TokenStream tokens = new TokenStream(List.of(new Token(Token.Kind.END, "", 0)));
    private @Nullable String kernel;
    private List<LaunchExpression> block = List.of();
    private List<LaunchExpression> grid = List.of();
    private LaunchExpression shared = new LaunchExpression.Constant(0);
    private final List<LaunchArgument> arguments = new ArrayList<>();
    private LaunchHeader.@Nullable Verification verification;

    LaunchHeaderParser(SourceText source) {
        this.source = source;
    }

    LaunchHeader parse() throws TixException {
        String text = source.text();
        int start = 0;
        while (start < text.length() && !source.isFull()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (text.startsWith(MARK, start)) {
                line(start + MARK.length(), end);
            }
            start = end + 1;
        }
        if (source.hasErrors()) {
            throw source.failure();
        }
        return new LaunchHeader(Optional.ofNullable(kernel), block, grid, shared, arguments, Optional.ofNullable(verification));
    }

    private void line(int start, int end) {
        tokens = new TokenStream(new HeaderLexer(source, start, end).tokens());
        if (tokens.atEnd()) {
            return;
        }
        try {
            item(tokens.expectName("one of " + KEYS));
            if (!tokens.atEnd()) {
                throw new Mistake(tokens.peek(), "there is more than expected: " + tokens.peek().described());
            }
        } catch (Mistake mistake) {
            mistake.report(source);
        }
    }

    private void item(Token key) throws Mistake {
        switch (key.text()) {
            case "kernel" -> kernel = tokens.expectName("the kernel's name").text();
            case "block" -> block = extents();
            case "grid" -> grid = extents();
            case "shared" -> shared = expression(0);
            case "arg" -> argument();
            case "verify" -> verify();
            default -> throw new Mistake(key, "'" + key.text() + "' is not part of a launch header", Suggestion.among(KEYS, key.text()));
        }
    }

    private List<LaunchExpression> extents() throws Mistake {
        List<LaunchExpression> extents = new ArrayList<>();
        do {
            Token at = tokens.peek();
            if (extents.size() == MAX_EXTENTS) {
                throw new Mistake(at, "there are at most " + MAX_EXTENTS + " extents");
            }
            extents.add(expression(0));
        } while (tokens.take(','));
        return extents;
    }

    private void argument() throws Mistake {
        Token parameter = tokens.expectName("a parameter's name");
        for (LaunchArgument known : arguments) {
            if (known.parameter().equals(parameter.text())) {
                throw new Mistake(parameter, "parameter '" + parameter.text() + "' already has an argument");
            }
        }
        tokens.expect('=', "after the parameter's name");
        Token source = tokens.peek();
        LaunchArgument.Direction direction = tokens.peekAfter().isWord() ? DIRECTIONS.get(source.text()) : null;
        if (direction != null) {
            tokens.next();
            arguments.add(memory(parameter.text(), direction));
        } else if (source.text().equals("image") && tokens.peekAfter().isWord()) {
            tokens.next();
            arguments.add(new LaunchArgument.Picture(parameter.text(), LaunchArgument.Direction.IN, shape()));
        } else {
            arguments.add(new LaunchArgument.Value(parameter.text(), expression(0)));
        }
    }

    /** {@code name type[…]} of an array, or {@code gray8[…]} of the picture that is written. */
    private LaunchArgument memory(String parameter, LaunchArgument.Direction direction) throws Mistake {
        if (tokens.peekAfter().is('[')) {
            return new LaunchArgument.Picture(parameter, direction, shape());
        }
        Token name = tokens.expectName("an array's name");
        return new LaunchArgument.Array(parameter, name.text(), direction, shape());
    }

    private LaunchArgument.Shape shape() throws Mistake {
        Token type = tokens.expectName("a type");
        List<String> names = new ArrayList<>();
        LaunchArgument.Element element = null;
        for (LaunchArgument.Element candidate : LaunchArgument.Element.values()) {
            String name = candidate.name().toLowerCase(Locale.ROOT);
            names.add(name);
            element = name.equals(type.text()) ? candidate : element;
        }
        if (element == null) {
            throw new Mistake(type, "'" + type.text() + "' is not an element type", "the types are " + String.join(" ", names));
        }
        tokens.expect('[', "after the type");
        List<LaunchExpression> extents = new ArrayList<>();
        do {
            extents.add(expression(0));
        } while (tokens.take(','));
        tokens.expect(']', "after the extents");
        return new LaunchArgument.Shape(element, extents);
    }

    private void verify() throws Mistake {
        Token result = tokens.expectName("the name of a result");
        tokens.expect('=', "after the result's name");
        Token function = tokens.expectName("a reference function");
        tokens.expect('(', "after the function");
        List<String> names = new ArrayList<>();
        do {
            names.add(tokens.expectName("an array's name").text());
        } while (tokens.take(','));
        tokens.expect(')', "after the arguments");
        verification = new LaunchHeader.Verification(result.text(), function.text(), names);
    }

    private LaunchExpression expression(int depth) throws Mistake {
        LaunchExpression left = term(depth);
        while (tokens.peek().is('+') || tokens.peek().is('-')) {
            char operator = tokens.next().text().charAt(0);
            left = new LaunchExpression.Binary(operator, left, term(depth));
        }
        return left;
    }

    private LaunchExpression term(int depth) throws Mistake {
        LaunchExpression left = factor(depth);
        while (tokens.peek().is('*') || tokens.peek().is('/') || tokens.peek().is('%')) {
            char operator = tokens.next().text().charAt(0);
            left = new LaunchExpression.Binary(operator, left, factor(depth));
        }
        return left;
    }

    private LaunchExpression factor(int depth) throws Mistake {
        Token token = tokens.next();
        if (depth == MAX_DEPTH) {
            throw new Mistake(token, "the expression is nested deeper than " + MAX_DEPTH);
        }
        if (token.is('(')) {
            LaunchExpression inner = expression(depth + 1);
            tokens.expect(')', "after the expression");
            return inner;
        }
        if (token.is('-')) {
            return new LaunchExpression.Binary('-', new LaunchExpression.Constant(0), factor(depth + 1));
        }
        if (token.kind() == Token.Kind.NUMBER) {
            return new LaunchExpression.Constant(Literal.asInt(Literal.parse(token, false), 0, Integer.MAX_VALUE, token, "a number here"));
        }
        if (token.isWord()) {
            return tokens.take('(') ? call(token, depth + 1) : new LaunchExpression.Name(token.text());
        }
        throw new Mistake(token, "expected a number or a name, found " + token.described());
    }

    private LaunchExpression call(Token function, int depth) throws Mistake {
        List<LaunchExpression> arguments = new ArrayList<>();
        do {
            arguments.add(expression(depth));
        } while (tokens.take(','));
        tokens.expect(')', "after the arguments");
        boolean extreme = function.text().equals("min") || function.text().equals("max");
        if (extreme && arguments.size() == 2) {
            return new LaunchExpression.Call(function.text(), arguments);
        }
        if (function.text().equals("ceil") && arguments.size() == 1 && arguments.getFirst() instanceof LaunchExpression.Binary quotient
                && quotient.operator() == '/') {
            return new LaunchExpression.Call("ceil", List.of(quotient.left(), quotient.right()));
        }
        throw new Mistake(function, "there is no function " + function.text() + " of " + arguments.size(),
                "there are min(a,b), max(a,b) and ceil(a/b)");
    }
}
