package dev.openppu.harness.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.sim.Account;
import dev.openppu.harness.sim.Campaign;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;
import dev.openppu.harness.sim.Scene;
import dev.openppu.harness.sim.SeedRange;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every seed ends up counted exactly once, whatever becomes of those who write. */
class LedgerTest {
    private static final FaultProfile FAULTS = FaultProfile.find("all").orElseThrow();
    private static final Workload WORKLOAD = Workload.find("mixed").orElseThrow();
    private static final String VERSION = "ppu 1 (abc)";

    @TempDir
    private Path folder;

    private static Campaign campaign(String seeds, String shard) {
        return new Campaign("zw810e", SeedRange.parse(seeds).share(shard), FAULTS, WORKLOAD, Optional.empty(), Optional.empty(), 10);
    }

    private static Header header(String seeds, String shard) {
        return Header.of(campaign(seeds, shard), VERSION);
    }

    private static LifeResult life(long seed, boolean passes) {
        BitSet bits = new BitSet();
        bits.set((int) seed % 90);
        Strike strike = Strike.parse("dma-torn@3:1f").getFirst();
        Coverage coverage = new Coverage(Map.of("copy", seed), Map.of(), Map.of("queue", 1L), bits, new BitSet(), bits);
        return new LifeResult(LifeSpec.of("zw810e", seed, FAULTS, WORKLOAD),
                passes ? Optional.empty() : Optional.of(new Violation(Invariant.CONTENTS, "word 3 is \"wrong\"\n")), List.of(strike), 200,
                3, 1,
                123_456, Optional.of(new Account(List.of(new Scene(strike, List.of("copy-in", "kernel"))), coverage)), true);
    }

    private Path write(String name, String seeds, String shard, long... lived) throws IOException {
        Path file = folder.resolve(name);
        try (LedgerWriter writer = LedgerWriter.open(file, header(seeds, shard), true)) {
            LongStream.of(lived).forEach(seed -> writer.ended(life(seed, true)));
        }
        return file;
    }

    private static Merge merge(Path... files) throws IOException {
        List<Ledger> ledgers = new ArrayList<>();
        for (Path file : files) {
            ledgers.add(Ledger.read(file));
        }
        return Merge.of(ledgers);
    }

    private static List<Long> seeds(Merge merge) {
        return merge.lives().stream().map(line -> line.life().seed()).toList();
    }

    @Test
    void aLifeIsReadAsItWasWritten() throws IOException {
        Path file = folder.resolve("one");
        try (LedgerWriter writer = LedgerWriter.open(file, header("1..9", "1/1"), false)) {
            writer.ended(life(7, false));
        }
        Ledger ledger = Ledger.read(file);
        assertThat(ledger.header()).isEqualTo(header("1..9", "1/1"));
        assertThat(ledger.torn()).isFalse();
        LifeLine read = ledger.lines().getFirst().life();
        assertThat(read).isEqualTo(LifeLine.of(life(7, false)));
        assertThat(read.failure().orElseThrow().seen()).isEqualTo("word 3 is \"wrong\"\n");
        assertThat(read.failure().orElseThrow().again()).startsWith("ppu sim --seeds 7 ");
        assertThat(read.scenes().getFirst().during()).containsExactly("copy-in", "kernel");
        assertThat(read.text()).isEqualTo(ledger.lines().getFirst().text());
    }

    @Test
    void whatAKillHasTornIsDroppedAndLivedAgain() throws IOException {
        Path file = write("torn", "1..4", "1/1", 1, 2);
        String whole = Files.readString(file);
        String third = LifeLine.of(life(3, true)).text();
        for (int cut : new int[]{1, third.length() / 2, third.length()}) {
            Files.writeString(file, whole + third.substring(0, cut));
            assertThat(Ledger.read(file).torn()).isTrue();
            assertThat(merge(file).torn()).containsExactly(file.toString());
            assertThat(merge(file).missing()).containsExactly("3..4");
            try (LedgerWriter writer = LedgerWriter.open(file, header("1..4", "1/1"), true)) {
                assertThat(writer.seedsBefore()).containsExactlyInAnyOrder(1L, 2L);
                writer.ended(life(3, true));
                writer.ended(life(4, true));
            }
            assertThat(Files.readString(file)).isEqualTo(whole + third + "\n" + LifeLine.of(life(4, true)).text() + "\n");
            assertThat(merge(file).good()).isTrue();
        }
    }

    @Test
    void aFileThatWasKilledBeforeItsFirstLineIsBegunAnew() throws IOException {
        Path file = folder.resolve("young");
        String head = header("1..2", "1/1").line();
        for (String start : List.of("", head.substring(0, 30), head)) {
            Files.writeString(file, start);
            try (LedgerWriter writer = LedgerWriter.open(file, header("1..2", "1/1"), true)) {
                assertThat(writer.before()).isEmpty();
                writer.ended(life(1, true));
            }
            assertThat(seeds(merge(file))).containsExactly(1L);
        }
    }

    @Test
    void aLineThatIsDamagedIsNotPassedOver() throws IOException {
        Path file = write("damaged", "1..4", "1/1", 1, 2);
        Files.writeString(file, Files.readString(file).replace("\"seed\":1,", "\"sead\":1,"));
        assertThatThrownBy(() -> Ledger.read(file)).isInstanceOf(LedgerException.class)
                .hasMessageStartingWith(file + ", line 2: 'seed' is missing");
        Files.writeString(file, "no JSON at all\n");
        assertThatThrownBy(() -> Ledger.read(file)).isInstanceOf(LedgerException.class).hasMessageContaining("line 1");
        Files.writeString(file, "{\"type\":\"life\"}\n");
        assertThatThrownBy(() -> Ledger.read(file)).isInstanceOf(LedgerException.class).hasMessageContaining("no campaign's file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "passed":true          | "passed":false         | 'invariant' is missing
            "passed":true          | "passed":1             | 'passed' is 1, not true or false
            "steps":               | "steps":1.5,"x":       | 'steps' is 1.5, not a whole number of 32 bits
            "struck":              | "struck":[3],"x":      | struck[0]: this is a number, not an object
            "struck":              | "struck":[{"fault":"x","during":[]}],"x": | struck[0]: 'fault': 'x' is no fault
            "packets":             | "packets":[],"x":      | 'packets' is a list, not an object of whole numbers
            "read":                | "read":"abc","x":      | 'read' is "abc", not hexadecimal digits
            {"type":"life"         | {"type":"life","x":}   | this is no JSON, column 20
            """)
    void whatIsWrongWithALineIsSaidInOurWords(String there, String instead, String said) throws IOException {
        Path file = write("damaged", "1..4", "1/1", 1);
        String text = Files.readString(file);
        int line = text.indexOf('\n') + 1;
        Files.writeString(file, text.substring(0, line) + text.substring(line).replace(there, instead));
        assertThatThrownBy(() -> Ledger.read(file)).isInstanceOf(LedgerException.class)
                .hasMessageStartingWith(file + ", line 2").hasMessageContaining(said)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ObjectNode", "jackson", "Source:", "StreamRead"));
    }

    @Test
    void whatIsNoTextIsSaidWithItsLine() throws IOException {
        Path file = write("damaged", "1..4", "1/1", 1);
        Files.write(file, new byte[]{'{', (byte) 0xff, '}', '\n'}, StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Ledger.read(file)).isInstanceOf(LedgerException.class)
                .hasMessage(file + ":3: this is no UTF-8 text (byte 0xff)");
    }

    @Test
    void aFileIsGoneOnWithOnlyIfItIsThisCampaignsAndIsToBe() throws IOException {
        Path file = write("mine", "1..4", "1/2", 1);
        assertThatThrownBy(() -> LedgerWriter.open(file, header("1..4", "1/2"), false)).isInstanceOf(LedgerException.class)
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> LedgerWriter.open(file, header("1..5", "1/2"), true)).hasMessageContaining("seeds 1..4, not 1..5");
        assertThatThrownBy(() -> LedgerWriter.open(file, header("1..4", "2/2"), true)).hasMessageContaining("share 1/2, not 2/2");
        Header other = header("1..4", "1/2");
        assertThatThrownBy(
                () -> LedgerWriter.open(file, new Header("ppu 2", other.profile(), other.seeds(), other.faults(), other.workload(),
                        other.script(), other.only(), other.fields()), true))
                .hasMessageContaining("version ppu 1 (abc), not ppu 2");
        Header scripted = Header.of(new Campaign("zw810e", other.seeds(), FAULTS, WORKLOAD, Optional.of(Strike.parse("removal@1")),
                Optional.of(StepSet.parse("1-3")), 10), VERSION);
        assertThatThrownBy(() -> LedgerWriter.open(file, scripted, true)).hasMessageContaining("script (none), not removal@1:1");
        assertThat(seeds(merge(file))).as("none of them has changed it").containsExactly(1L);
    }

    @Test
    void twoDoNotWriteOneFile() throws IOException {
        Path file = folder.resolve("locked");
        try (LedgerWriter writer = LedgerWriter.open(file, header("1..4", "1/1"), false)) {
            writer.ended(life(1, true));
            assertThatThrownBy(() -> LedgerWriter.open(file, header("1..4", "1/1"), true)).isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another campaign is writing");
        }
        assertThat(seeds(merge(file))).containsExactly(1L);
    }

    @Test
    void sharesThatOverlapCountOnce() throws IOException {
        Merge merge = merge(write("half", "1..6", "1/2", 1, 3, 5), write("third", "1..6", "2/3", 5, 2),
                write("all", "1..6", "1/1", 6, 1, 4));
        assertThat(seeds(merge)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(merge.repeated()).isEqualTo(2);
        assertThat(merge.good()).isTrue();
        Path merged = folder.resolve("merged");
        Files.writeString(merged, merge.text());
        assertThat(merge(merged).text()).as("what is merged can be merged again").isEqualTo(merge.text());
        assertThat(merge(merged, folder.resolve("half")).repeated()).isEqualTo(3);
    }

    @Test
    void twoLinesOfOneSeedThatDifferAreReported() throws IOException {
        Path first = write("first", "1..2", "1/1", 1, 2);
        Path second = write("second", "1..2", "1/1", 1);
        Files.writeString(second, Files.readString(second).replace("123456", "123457"));
        Merge merge = merge(first, second);
        assertThat(merge.disagreements()).singleElement().satisfies(each -> {
            assertThat(each.seed()).isEqualTo(1);
            assertThat(each.first()).contains("123456");
            assertThat(each.second()).contains("123457");
        });
        assertThat(merge.good()).isFalse();
    }

    @Test
    void filesOfDifferentCampaignsAreRefused() throws IOException {
        Path first = write("a", "1..2", "1/1", 1);
        Path second = write("b", "1..3", "1/1", 1);
        assertThatThrownBy(() -> merge(first, second)).isInstanceOf(LedgerException.class)
                .hasMessage("%s is of another campaign than %s: it has seeds 1..3, not 1..2", second, first);
    }

    @Test
    void aSeedThatIsNotOfTheShareIsRefused() throws IOException {
        Path file = write("strange", "1..4", "1/2", 1);
        Files.writeString(file, LifeLine.of(life(2, true)).text() + "\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Ledger.read(file)).isInstanceOf(LedgerException.class).hasMessageContaining("seed 2")
                .hasMessageContaining("line 3");
    }

    @Test
    void aCampaignThatHasNotBegunLacksEverything() throws IOException {
        assertThat(merge(write("empty", "5..9", "1/1")).missing()).containsExactly("5..9");
        assertThat(merge(write("gaps", "5..9", "1/1", 6, 8)).missing()).containsExactly("5", "7", "9");
        assertThat(merge(write("no seeds", "1..2", "3/3")).missingCount()).isEqualTo(2);
    }

    @Test
    @EnabledIf("hasFullDevice")
    void aFullDiskIsSaid() {
        assertThatThrownBy(() -> LedgerWriter.open(Path.of("/dev/full"), header("1..2", "1/1"), true)).isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write to /dev/full").hasMessageContaining("No space left");
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }
}
