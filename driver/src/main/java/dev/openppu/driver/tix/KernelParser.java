package dev.openppu.driver.tix;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.SpecialRegister;
import dev.openppu.abi.code.StateSpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses a kernel's body: declarations, labels, blocks, instructions. Blocks are counted, not recursed into. */
final class KernelParser {
    private static final int MAX_DEPTH = 256;
    private static final int MAX_INSTRUCTIONS = CodeLimits.MAX_TEXT_BYTES / Instruction.BYTES - 1;
    private static final int MAX_RANGE = 255;

    private final SourceText source;
    private final TokenStream tokens;
    private final Names names;
    private final Declarations declarations;
    private final KernelAssembly kernel;
    private int depth = 1;

    KernelParser(SourceText source, TokenStream tokens, Names names, Declarations declarations, KernelAssembly kernel) {
        this.source = source;
        this.tokens = tokens;
        this.names = names;
        this.declarations = declarations;
        this.kernel = kernel;
    }

    /** Up to the closing brace. */
    void body() throws Mistake {
        Token opening = tokens.last();
        int outer = names.depth();
        names.enter();
        try {
            while (depth > 0 && !source.isFull()) {
                if (tokens.atEnd()) {
                    throw new Mistake(opening, "kernel '" + kernel.name() + "' is not closed", "write } after its last instruction");
                }
                statement();
            }
        } finally {
            while (names.depth() > outer) {
                names.leave();
            }
        }
    }

    private void statement() {
        int start = tokens.position();
        try {
            if (tokens.take('{')) {
                open();
            } else if (tokens.take('}')) {
                close();
            } else if (!tokens.take(';')) {
                declarationOrInstruction();
            }
        } catch (Mistake mistake) {
            mistake.report(source);
            tokens.recover(start);
        }
    }

    private void open() throws Mistake {
        if (depth == MAX_DEPTH) {
            throw new Mistake(tokens.last(), "blocks are nested deeper than " + MAX_DEPTH);
        }
        depth++;
        names.enter();
        kernel.registers.enter();
    }

    private void close() {
        depth--;
        if (depth > 0) {
            names.leave();
            kernel.registers.leave();
        }
    }

    private void declarationOrInstruction() throws Mistake {
        Token token = tokens.peek();
        if (tokens.takeDirective(".reg")) {
            registers();
        } else if (tokens.takeDirective(".shared")) {
            declarations.variable(StateSpace.SHARED, kernel.shared);
        } else if (tokens.takeDirective(".local")) {
            declarations.variable(StateSpace.LOCAL, kernel.local);
        } else if (token.isWord() && tokens.peekAfter().is(':')) {
            tokens.next();
            tokens.next();
            kernel.label(token);
        } else if (token.is('@') || token.isWord()) {
            instruction();
        } else {
            throw new Mistake(token, "expected an instruction, a label, .reg, .shared or .local, found " + token.described(),
                    Suggestion.among(List.of(".reg", ".shared", ".local"), token.text()));
        }
    }

    private void registers() throws Mistake {
        DataType type = declarations.type();
        do {
            Token name = tokens.expectName("a register's name");
            if (SpecialRegister.named(name.text().replaceFirst("^%", "")) != null) {
                throw new Mistake(name, "'" + name.text() + "' is a special register");
            }
            if (tokens.take('<')) {
                Token number = tokens.expectNumber("a number of registers");
                int count = Literal.asInt(Literal.parse(number, false), 1, MAX_RANGE, number, "a number of registers");
                tokens.expect('>', "after the number of registers");
                for (int i = 0; i < count; i++) {
                    names.declare(name, name.text() + i, kernel.registers.allocate(type, name));
                }
            } else {
                names.declare(name, name.text(), kernel.registers.allocate(type, name));
            }
        } while (tokens.take(','));
        tokens.expect(';', "the declaration");
    }

    private void instruction() throws Mistake {
        Operand.@Nullable Register guard = null;
        if (tokens.take('@')) {
            boolean negated = tokens.take('!');
            Token name = tokens.expectName("a predicate");
            guard = predicate(name, negated);
        }
        Token mnemonic = tokens.next();
        if (!mnemonic.isWord()) {
            throw new Mistake(mnemonic, "expected an instruction, found " + mnemonic.described());
        }
        List<Operand> operands = operands(mnemonic);
        if (kernel.size() >= MAX_INSTRUCTIONS) {
            throw new Mistake(mnemonic, "a module has at most " + MAX_INSTRUCTIONS + " instructions");
        }
        new Statement(kernel, names, mnemonic, guard, operands, source.lineAt(mnemonic.position())).assemble();
    }

    private Operand.Register predicate(Token name, boolean negated) throws Mistake {
        if (resolve(name) instanceof Operand.Register register && register.symbol().isPredicate()) {
            return new Operand.Register(name, register.symbol(), negated);
        }
        throw new Mistake(name, "'" + name.text() + "' is not a predicate", "declare it with .reg .pred " + name.text() + ";");
    }

    private List<Operand> operands(Token mnemonic) throws Mistake {
        List<Operand> operands = new ArrayList<>();
        if (!tokens.take(';')) {
            do {
                operands.add(pair());
            } while (tokens.take(','));
            tokens.expect(';', tokens.last() == mnemonic ? "the instruction" : "the operands");
        }
        return operands;
    }

    private Operand pair() throws Mistake {
        Operand first = operand();
        return tokens.take('|') ? new Operand.Pair(first.at(), first, operand()) : first;
    }

    private Operand operand() throws Mistake {
        Token token = tokens.next();
        if (token.is('{')) {
            return vector(token);
        }
        if (token.is('[')) {
            return address(token);
        }
        if (token.is('_')) {
            return new Operand.Sink(token);
        }
        if (token.is('!')) {
            return predicate(tokens.expectName("a predicate"), true);
        }
        if (token.is('-') || token.kind() == Token.Kind.NUMBER) {
            Token number = token.is('-') ? tokens.expectNumber("a number") : token;
            return new Operand.Number(number, Literal.parse(number, token.is('-')));
        }
        if (token.isWord()) {
            return resolve(token);
        }
        throw new Mistake(token, "expected an operand, found " + token.described());
    }

    private Operand vector(Token opening) throws Mistake {
        List<Operand> elements = new ArrayList<>();
        do {
            Token token = tokens.next();
            if (token.is('_')) {
                elements.add(new Operand.Sink(token));
            } else if (token.isWord()) {
                elements.add(resolve(token));
            } else {
                throw new Mistake(token, "expected a register, found " + token.described());
            }
        } while (tokens.take(','));
        tokens.expect('}', "after the registers of a vector");
        return new Operand.Vector(opening, elements);
    }

    private Operand address(Token opening) throws Mistake {
        Symbol base = null;
        long offset = 0;
        Token token = tokens.peek();
        if (token.isWord()) {
            tokens.next();
            Operand operand = resolve(token);
            base = addressBase(operand);
            offset = operand instanceof Operand.Variable variable ? variable.offset() : displacement();
        } else {
            boolean negative = tokens.take('-');
            Token number = tokens.expectNumber("an address");
            offset = Literal.asOffset(Literal.parse(number, negative), number);
        }
        tokens.expect(']', "after the address");
        return new Operand.Address(opening, base, offset);
    }

    private static Symbol addressBase(Operand operand) throws Mistake {
        return switch (operand) {
            case Operand.Register register -> register.symbol();
            case Operand.Variable variable -> variable.symbol();
            case Operand.Name name -> throw undeclared(name.at(), List.of());
            default -> throw new Mistake(operand.at(), "an address is a register or a variable and an offset");
        };
    }

    /** {@code + n} or {@code - n} or nothing. */
    private long displacement() throws Mistake {
        boolean negative = tokens.peek().is('-');
        if (!negative && !tokens.peek().is('+')) {
            return 0;
        }
        tokens.next();
        Token number = tokens.expectNumber("an offset in bytes");
        return Literal.asOffset(Literal.parse(number, negative), number);
    }

    private Operand resolve(Token token) throws Mistake {
        String text = token.text();
        if (text.charAt(0) == '%') {
            SpecialRegister special = SpecialRegister.named(text.substring(1));
            if (special != null) {
                return new Operand.Special(token, special);
            }
        }
        Symbol symbol = names.find(text);
        if (symbol instanceof Symbol.Register register) {
            return new Operand.Register(token, register, false);
        }
        if (symbol instanceof Symbol.Variable variable) {
            return new Operand.Variable(token, variable, displacement());
        }
        if (text.charAt(0) == '%' || text.indexOf('.') >= 0) {
            throw undeclared(token, names.all());
        }
        return new Operand.Name(token);
    }

    static Mistake undeclared(Token token, List<String> known) {
        List<String> candidates = new ArrayList<>(known);
        if (token.text().charAt(0) == '%') {
            for (SpecialRegister register : SpecialRegister.values()) {
                candidates.add("%" + register.text());
            }
        }
        return new Mistake(token, "'" + token.text() + "' is not declared", Suggestion.among(candidates, token.text()));
    }
}
