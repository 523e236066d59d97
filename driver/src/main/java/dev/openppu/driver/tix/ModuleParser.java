package dev.openppu.driver.tix;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.StateSpace;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parses a module: declarations and kernels. */
final class ModuleParser {
    private static final List<String> DIRECTIVES = List.of(".target", ".const", ".shared", ".entry");

    private final SourceText source;
    private final TokenStream tokens;
    private final Names names = new Names();
    private final Declarations declarations;
    private final MemoryLayout constants = new MemoryLayout(".const", CodeLimits.MAX_CONST_BYTES);
    private final ByteArrayOutputStream constantBytes = new ByteArrayOutputStream();
    private final MemoryLayout shared = new MemoryLayout(".shared", CodeLimits.MAX_SHARED_BYTES);
    private final List<KernelInfo> kernels = new ArrayList<>();
    private final Set<String> kernelNames = new HashSet<>();
    private final List<Integer> lines = new ArrayList<>();
    private ByteBuffer text = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    ModuleParser(SourceText source) {
        this.source = source;
        this.tokens = new TokenStream(new Lexer(source).tokens());
        this.declarations = new Declarations(tokens, names);
    }

    CodeObject parse() throws TixException {
        while (!tokens.atEnd() && !source.isFull()) {
            int start = tokens.position();
            try {
                item();
            } catch (Mistake mistake) {
                mistake.report(source);
                recover(start);
            }
        }
        if (!source.hasErrors() && kernels.isEmpty()) {
            source.report(0, 1, "there is no kernel in this file", "a kernel begins with .entry name(parameters) {");
        }
        if (source.hasErrors()) {
            throw source.failure();
        }
        byte[] code = java.util.Arrays.copyOf(text.array(), text.position());
        return new CodeObject(source.file(), code, constantBytes.toByteArray(), kernels,
                lines.stream().mapToInt(Integer::intValue).toArray());
    }

    private void recover(int start) {
        tokens.recover(start);
        if (tokens.last().is(';')) {
            return;
        }
        if (tokens.peek().is('}')) {
            tokens.next();
        } else if (tokens.peek().is('{')) {
            skipBlock();
        }
    }

    /** Behind a kernel whose head was wrong. */
    private void skipBlock() {
        int depth = 0;
        do {
            Token token = tokens.next();
            depth += token.is('{') ? 1 : token.is('}') ? -1 : 0;
        } while (depth > 0 && !tokens.atEnd());
    }

    private void item() throws Mistake {
        Token token = tokens.next();
        switch (token.text()) {
            case ".target" -> target();
            case ".const" -> constant();
            case ".shared" -> declarations.variable(StateSpace.SHARED, shared);
            case ".entry" -> entry();
            default -> throw new Mistake(token, "expected .entry, .const, .shared or .target, found " + token.described(),
                    token.text().startsWith("ppu") ? "instructions stand inside a kernel" : Suggestion.among(DIRECTIVES, token.text()));
        }
    }

    private void target() throws Mistake {
        Token target = tokens.expectName("a target");
        if (!target.text().equals("ppu_10")) {
            throw new Mistake(target, "target " + target.described() + " is not supported", "the target is ppu_10");
        }
        tokens.expect(';', "the target");
    }

    private void constant() throws Mistake {
        Declarations.Shape shape = declarations.shape();
        Token name = tokens.expectName("the name of a constant");
        int declared = declarations.arrayLength();
        List<Long> values = new ArrayList<>();
        tokens.expect('=', "and the value of a constant");
        if (tokens.take('{')) {
            do {
                values.add(value(shape.type()));
            } while (tokens.take(','));
            tokens.expect('}', "after the values");
        } else {
            values.add(value(shape.type()));
        }
        int count = declared == Declarations.UNSPECIFIED ? values.size() : Math.max(1, declared);
        if (values.size() > count) {
            throw new Mistake(name, values.size() + " values for " + count + " elements");
        }
        long size = (long) count * shape.type().bytes();
        int offset = constants.place(name, size, shape.alignment());
        constantBytes.writeBytes(new byte[offset - constantBytes.size()]);
        ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            byte[] element = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
            bytes.put(element, 0, shape.type().bytes());
        }
        constantBytes.writeBytes(bytes.array());
        names.declare(name, name.text(), new Symbol.Variable(StateSpace.CONST, shape.type(), offset, (int) size));
        tokens.expect(';', "the constant");
    }

    private long value(DataType type) throws Mistake {
        boolean negative = tokens.take('-');
        Token number = tokens.expectNumber("a number");
        return Literal.bits(Literal.parse(number, negative), type, number);
    }

    private void entry() throws Mistake {
        Token name = tokens.expectName("the kernel's name");
        if (!kernelNames.add(name.text())) {
            throw new Mistake(name, "kernel '" + name.text() + "' is already there");
        }
        KernelAssembly kernel = new KernelAssembly(name.text(), shared.bytes());
        names.enter();
        try {
            parameters(kernel);
            maxThreads(kernel);
            tokens.expect('{', "before the kernel's body");
            new KernelParser(source, tokens, names, declarations, kernel).body();
        } finally {
            names.leave();
        }
        finish(kernel, name);
    }

    private void finish(KernelAssembly kernel, Token name) throws Mistake {
        long needed = text.position() + (kernel.size() + 1L) * Instruction.BYTES;
        if (needed > CodeLimits.MAX_TEXT_BYTES) {
            throw new Mistake(name, "the module's code would take " + needed + " bytes, the limit is " + CodeLimits.MAX_TEXT_BYTES);
        }
        if (needed > text.capacity()) {
            text = ByteBuffer.allocate((int) Math.max(needed, 2L * text.capacity())).order(ByteOrder.LITTLE_ENDIAN).put(text.flip());
        }
        kernels.add(kernel.finish(text, lines, source, source.lineAt(tokens.last().position())));
    }

    private void parameters(KernelAssembly kernel) throws Mistake {
        tokens.expect('(', "after the kernel's name");
        if (tokens.take(')')) {
            return;
        }
        do {
            tokens.takeDirective(".param");
            Declarations.Shape shape = declarations.shape();
            Token name = tokens.expectName("a parameter's name");
            long size = (long) shape.type().bytes() * Math.max(1, declarations.arrayLength());
            int offset = kernel.parameterBlock.place(name, size, shape.alignment());
            Symbol.Variable variable = new Symbol.Variable(StateSpace.PARAM, shape.type(), offset, (int) size);
            names.declare(name, name.text(), variable);
            kernel.addParameter(name.text(), shape.type(), variable);
        } while (tokens.take(','));
        tokens.expect(')', "after the parameters");
    }

    private void maxThreads(KernelAssembly kernel) throws Mistake {
        Token directive = tokens.peek();
        if (!tokens.takeDirective(".maxntid")) {
            return;
        }
        long threads = 1;
        do {
            Token number = tokens.expectNumber("a number of threads");
            threads *= Literal.asInt(Literal.parse(number, false), 1, CodeLimits.MAX_THREADS_PER_BLOCK, number, "a number of threads");
        } while (tokens.take(','));
        if (threads > CodeLimits.MAX_THREADS_PER_BLOCK) {
            throw new Mistake(directive, "a block has at most " + CodeLimits.MAX_THREADS_PER_BLOCK + " threads, not " + threads);
        }
        kernel.setMaxThreads((int) threads);
    }
}
