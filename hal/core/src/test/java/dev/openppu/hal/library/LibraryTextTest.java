package dev.openppu.hal.library;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A library's sentences end in terminals and logs. */
class LibraryTextTest {
    private static final String HOSTILE = " red \033[31m, a new\nline, and \u009b1A back\t";
    private static final String SHOWN = "red \\x1b[31m, a new\\x0aline, and \\x9b1A back";

    @Test
    void controlCharactersAreShownAndNotObeyed() {
        assertThat(new LibraryException("ppu_device_open", LibraryResult.FAILED, HOSTILE))
                .hasMessage("ppu_device_open: it failed: " + SHOWN);
        assertThat(new LibraryInfo(HOSTILE, true, false, 256, 0, 0, 0).description()).isEqualTo(SHOWN);
    }
}
