package dev.openppu.rdl.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.openppu.rdl.preprocess.Includes;
import dev.openppu.rdl.preprocess.Preprocessor;
import dev.openppu.rdl.source.Diagnostic;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Any text is preprocessed, and every place of the outcome leads back to the input. */
class PreprocessorFuzzTest {

    @DictionaryFile(resourcePath = "rdl.dict")
    @FuzzTest(maxDuration = "10m")
    void preprocess(byte[] input) {
        SourceFile file = new SourceFile("fuzz.rdl", new String(input, StandardCharsets.UTF_8));
        Diagnostics diagnostics = new Diagnostics();
        SourceText text = null;
        try {
            text = new Preprocessor(new Includes(List.of()), diagnostics, Map.of("W", "4")).run(List.of(file)).build();
        } catch (Diagnostics.TooManyErrors e) {
            // Enough was said.
        }
        diagnostics.all().forEach(Diagnostic::render);
        if (text != null) {
            int length = text.text().length();
            for (int at = 0; at <= length; at += Math.max(7, length / 1000)) {
                if (text.position(at).line() < 1 || text.position(at).column() < 1) {
                    throw new AssertionError("no place for " + at);
                }
            }
        }
    }
}
