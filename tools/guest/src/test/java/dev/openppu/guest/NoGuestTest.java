package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Where there can be no guest, that is said in one line and nothing is left over. */
class NoGuestTest {
    private static final String NOBODY = "http://127.0.0.1:9/debian";

    @TempDir
    Path folder;

    @Test
    void packagesThatCannotBeFetchedAreOneLine() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/apt-get")), "no apt here");
        assertThatThrownBy(() -> new DebianPackages(folder.resolve("apt"), NOBODY).unpack(folder.resolve("guest"), "busybox-static"))
                .isInstanceOfSatisfying(GuestUnavailableException.class,
                        e -> assertThat(e.getMessage()).startsWith("apt-get ended with status 100: ")
                                .doesNotContain("\n"));
        assertThat(folder.resolve("guest")).doesNotExist();
    }

    @Test
    void aPartOfTheCacheThatCannotBeMadeIsTriedAgainNextTime() throws GuestUnavailableException {
        GuestCache cache = new GuestCache(folder.resolve("cache"));
        assertThatThrownBy(() -> cache.part("packages", _ -> {
            throw new GuestUnavailableException("no network");
        })).hasMessage("no network");
        assertThat(cache.folder().resolve("packages")).doesNotExist();
        assertThat(cache.part("packages", part -> Files.writeString(part.resolve("file"), "here")).resolve("file")).hasContent("here");
    }

    @Test
    void guestTestsAreSkippedWithTheReason() throws IOException {
        GuestCache cache = new GuestCache(Files.createFile(folder.resolve("file")));
        assertThatThrownBy(() -> Guests.image(cache)).isInstanceOf(TestAbortedException.class).message().contains("cannot prepare ")
                .doesNotContain("\n");
    }
}
