package dev.openppu.driver.tix;

import dev.openppu.abi.error.HgResult;
import java.util.List;
import java.util.stream.Collectors;

/** A source file that is not valid TIX: HGresult 218, INVALID_ASM. Carries every mistake that was found; the message shows them all. */
public final class TixException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;

    public TixException(List<Diagnostic> diagnostics) {
        super(diagnostics.stream().map(Diagnostic::format).collect(Collectors.joining("\n")), null, false, false);
        this.diagnostics = List.copyOf(diagnostics);
    }

    /** In order of their place; at least one. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    public HgResult hgresult() {
        return HgResult.INVALID_ASM;
    }
}
