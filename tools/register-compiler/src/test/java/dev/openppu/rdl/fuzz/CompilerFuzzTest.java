package dev.openppu.rdl.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;
import dev.openppu.rdl.source.Warning;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Any text is accepted or refused; what is accepted is a map that survives its own JSON. */
class CompilerFuzzTest {

    @DictionaryFile(resourcePath = "rdl.dict")
    @FuzzTest(maxDuration = "10m")
    void compile(byte[] input) throws IOException {
        RdlCompiler compiler = new RdlCompiler().add("fuzz.rdl", new String(input, StandardCharsets.UTF_8)).warn(Warning.NO_RESET, true)
                .oldDialect(input.length % 2 == 1);
        Compilation compilation = compiler.compile();
        if (compilation.succeeded() == compilation.maps().isEmpty()) {
            throw new AssertionError("neither accepted nor refused: " + compilation);
        }
        compilation.diagnostics().forEach(Diagnostic::render);
        for (AddressMap map : compilation.maps().values()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            map.save(bytes);
            if (!AddressMap.load(new ByteArrayInputStream(bytes.toByteArray())).equals(map)) {
                throw new AssertionError("the map changes in its JSON");
            }
        }
    }
}
