package dev.openppu.driver.tix;

import dev.openppu.abi.code.CodeObject;
import java.nio.charset.StandardCharsets;

/** Assembles TIX text. Thread-safe: there is no state. */
public final class TixAssembler {
    private TixAssembler() {}

    /**
     * Assembles a file's content.
     *
     * @param file its name, for messages and the code object
     * @param source UTF-8 text; at most 4 MiB
     * @throws TixException with every mistake in it
     */
    public static CodeObject assemble(String file, byte[] source) throws TixException {
        return new ModuleParser(SourceText.of(file, source)).parse();
    }

    /**
     * Assembles text.
     *
     * @param file a name for messages
     * @throws TixException with every mistake in it
     */
    public static CodeObject assemble(String file, String source) throws TixException {
        return assemble(file, source.getBytes(StandardCharsets.UTF_8));
    }
}
