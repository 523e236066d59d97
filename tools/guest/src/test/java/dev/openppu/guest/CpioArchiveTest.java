package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpioArchiveTest {
    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioArchive archive = new CpioArchive(bytes)) {
            archive.file("a/b", CpioArchive.FILE, text("hello"));
            archive.file("a/c", CpioArchive.PROGRAM, text("1234"));
        }
        return bytes.toByteArray();
    }

    @Test
    void firstEntryIsTheFoldersGoldenHeader() throws IOException {
        assertThat(new String(archive(), 0, 112, StandardCharsets.US_ASCII)).isEqualTo(
                "070701" + "00000001" + "000041ed" + "00000000" + "00000000" + "00000001" + "00000000" + "00000000"
                        + "00000000" + "00000000" + "00000000" + "00000000" + "00000002" + "00000000" + "a\0");
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        assertThat(archive().length % 4).isZero();
        assertThat(CpioReader.files(archive())).containsOnly(Map.entry("a/b", text("hello")), Map.entry("a/c", text("1234")));
    }

    @Test
    void everyArchiveThatIsCutShortIsRefused() throws IOException {
        byte[] whole = archive();
        for (int length = 0; length < whole.length - 4; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> CpioReader.files(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void lengthsThatAreNoneAreRefused() throws IOException {
        byte[] bad = archive();
        Arrays.fill(bad, 6 + 6 * 8, 6 + 7 * 8, (byte) 'f');
        assertThatThrownBy(() -> CpioReader.files(bad)).isInstanceOf(IOException.class);
        Arrays.fill(bad, 6 + 6 * 8, 6 + 7 * 8, (byte) 'x');
        assertThatThrownBy(() -> CpioReader.files(bad)).hasMessageContaining("no number");
    }
}
