package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "bringup", "list", "bench", "guest", "info", "reg", "reg list", "reg read", "reg write", "reg dump",
        "rdl", "rdl check", "rdl tree", "rdl export", "rdl diff", "rdl serve", "rdl decode", "rdl encode"})
    void everyCommandHasHelpWithExamples(String command) {
        Shell shell = Shell.run((command + " --help").strip().split(" "));
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("Usage: ppu").contains("Examples:").contains("--json").contains("--seed");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void withoutACommandSaysWhatThereIs() {
        Shell shell = Shell.run();
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("Usage: ppu").contains("bringup");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void printsTheVersion() {
        Shell shell = Shell.run("--version");
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).startsWith("ppu ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            lst                           | Did you mean: ppu list
            --jsn                         | --json
            list --seed                   | --seed
            list --seed x                 | 'x' is not a long
            reg read                      | NAME
            reg frobnicate                | frobnicate
            reg read bot.status           | boot.status
            reg write boot.status=1       | read-only
            reg write queue[64].control=1 | 64 elements
            guest --with toaster list     | toaster
            guest                         | COMMAND
            info --device nothing         | there is no ':'
            guest --with /nope list       | --with /nope: there is no socket
            info --device none:such       | no link has the scheme 'none'
            info --device native:/nope.so | /nope.so cannot be loaded: there is no such file
            info --device native:pom.xml  | cannot be loaded: that is no shared library
            info --device native:/        | cannot be loaded: that is a folder
            info --device vfio-user:/     | / is a folder, and no socket
            info --device vfio-user:pom.xml                | pom.xml is a file, and no socket
            info --device vfio:0000:99:00.0?iommu=foo      | iommu=foo is neither group nor iommufd
            info --seed 1 --device vfio-user:/nope         | takes none
            info --seed 1 --device native:/nope.so         | takes none
            info --seed 1 --device model:zw810e?clock=free | clock=free
            info --seed 1 --device model:zw810e?seed=2     | seed=2
            """)
    void badUsageIsSaidInOneMessageWithStatusTwo(String arguments, String message) {
        Shell shell = Shell.run(arguments.split(" "));
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).startsWith("ppu: ").contains(message).doesNotContain("\tat ");
        assertThat(shell.err().lines().filter(line -> line.startsWith("ppu: "))).hasSize(1);
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void errorsAreJsonWhereResultsAre() {
        Shell shell = Shell.run("reg", "read", "bot.status", "--json");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(Shell.json(shell.err()).get("error").get("message").asString()).contains("boot.status");
    }

    @Test
    void theStackTraceIsForThoseWhoAsk() {
        assertThat(Shell.run("reg", "read", "bot.status", "--debug").err()).contains("\tat dev.openppu");
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        assertThat(Shell.run("--json", "reg", "list", "timer").out()).isEqualTo(Shell.run("reg", "list", "timer", "--json").out())
                .startsWith("{");
        assertThat(Shell.run("--device", "none:such", "info").err()).contains("'none'");
    }

    /** The launcher puts udev's module beside the others only for who watches; here it is not. */
    @Test
    void watchingWithoutASourceOfEventsIsOneLine() {
        Shell shell = Shell.run("list", "--watch", "--seconds", "1");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err().lines()).hasSize(1).first().asString().contains("nothing here tells of PCI functions that come and go");
    }

    @Test
    void listsRegistersWithoutADevice() {
        Shell shell = Shell.run("reg", "list", "boot", "--device", "none:such");
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("boot.status").contains(".state").contains("ROM_READY").doesNotContain("queue");
        assertThat(Shell.run("reg", "list").out().lines()
                .filter(line -> line.startsWith("queue[0] .. [63]") || line.startsWith("queue[0].control")).toList()).hasSize(1);
    }

    @Test
    void listsRegistersForPrograms() {
        var document = Shell.json(Shell.run("reg", "list", "boot.status", "--json").out());
        var status = document.get("registers").get(0);
        assertThat(status.get("name").asString()).isEqualTo("boot.status");
        assertThat(status.get("bar").asInt()).isZero();
        assertThat(status.get("offset").asString()).isEqualTo("0x100");
        assertThat(status.get("width").asInt()).isEqualTo(32);
        assertThat(status.get("fields")).hasSize(3);
    }

    @Test
    void nothingIsColouredWhereNobodyLooks() {
        for (List<String> command : List.of(List.of("--help"), List.of("reg", "list"), List.of("reg", "read", "x"))) {
            Shell shell = Shell.run(command.toArray(String[]::new));
            assertThat(shell.out() + shell.err()).doesNotContain("\033");
        }
    }
}
