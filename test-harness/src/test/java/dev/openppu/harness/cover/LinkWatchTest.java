package dev.openppu.harness.cover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.Suites;
import dev.openppu.model.rdl.RdlDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is used of a device is seen at its link, and looking changes nothing. */
class LinkWatchTest {
    private static final String SIMULATED = "model:zw810e?clock=sim&seed=5";
    private static final String NARROW = """
            addrmap narrow {
                default sw = rw; default hw = r; default regwidth = 8;
                reg { field {} low[3:0] = 0; field {} high[7:4] = 0; } first @0x0;
                reg { field {} whole[7:0] = 0; } second @0x1;
                reg { regwidth = 32; field {} whole[31:0] = 0; } third[2] @0x4;
            };
            """;

    @Test
    void theDriversWorkIsSeenAndWatchingChangesNothing(@TempDir Path folder) throws IOException {
        work(folder.resolve("alone"), Function.identity());
        LinkWatch[] watch = new LinkWatch[1];
        work(folder.resolve("watched"), link -> {
            watch[0] = LinkWatch.ofPpu(link);
            return watch[0].link();
        });
        assertThat(Files.mismatch(folder.resolve("alone"), folder.resolve("watched"))).isEqualTo(-1);
        LinkCoverage coverage = watch[0].coverage();
        LinkCoverage.OfPpu used = coverage.ppu().orElseThrow();
        assertThat(used.packets()).containsEntry("fill", 3L);
        assertThat(used.packetsUnseen()).isZero();
        assertThat(used.pageFaults()).isEmpty();
        assertThat(names(coverage, coverage.read())).contains("boot.status.state", "queue[].control.enable");
        assertThat(names(coverage, coverage.toggled())).contains("queue[].control.enable").doesNotContain("queue[].control.multi_producer");
        assertThat(coverage.resets()).isEmpty();
    }

    private static void work(Path trace, Function<DeviceLink, DeviceLink> watching) {
        try (DeviceLink link = watching.apply(Links.open(SIMULATED + "&trace=" + trace));
                Ppu ppu = Ppu.open(link, PpuOptions.builder().build());
                Context context = ppu.createContext();
                Stream stream = context.createStream()) {
            DeviceBuffer buffer = context.allocate(4096);
            for (int i = 0; i < 3; i++) {
                stream.fill32(buffer, 0, i, 1024);
            }
            stream.synchronize();
        }
    }

    /** Undefined packets and page faults, made by hand. */
    @Test
    void aSuiteTellsWhatItHasUsed() {
        SuiteReport report = SuiteRunner.run(Suites.ofPpu().of(List.of("queues", "memory"), SuiteSettings.QUICK, "")
                .only(subject -> subject.id().equals("queues.bad.types") || subject.id().equals("memory.invalid.level-0")), SIMULATED,
                SuiteListener.SILENT);
        assertThat(report.tally().passed()).isPositive();
        LinkCoverage.OfPpu used = report.coverage().ppu().orElseThrow();
        assertThat(used.packets()).containsKeys("fill", "unknown");
        assertThat(used.pageFaults()).containsKey("invalid-page");
    }

    @Test
    void resetsAreCountedByTheirKinds() {
        try (DeviceLink link = Links.open(SIMULATED)) {
            LinkWatch watch = LinkWatch.ofPpu(link);
            watch.link().reset(ResetKind.FUNCTION_LEVEL);
            watch.link().reset(ResetKind.FUNCTION_LEVEL);
            assertThat(watch.coverage().resets()).containsExactlyInAnyOrderEntriesOf(Map.of("function-level", 2L));
        }
    }

    /** One access of 32 bits covers two registers of 8, one of 8 half a register of 32. */
    @Test
    void registersOfOtherWidthsAreKeptApart(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("narrow.rdl"), NARROW);
        RegisterFields fields = new RegisterFields(0, RdlDevice.map(LinkUri.parse("rdl:" + file)));
        TouchedRegisters touched = new TouchedRegisters(fields);
        touched.written(0, 1, 0x0f);
        assertThat(names(fields, touched.writtenFields())).containsExactly("first.low", "first.high");
        assertThat(names(fields, touched.nonZeroFields())).containsExactly("first.low");
        touched.read(0, 4, 0xff00L);
        assertThat(names(fields, touched.readFields())).containsExactly("first.low", "first.high", "second.whole");
        assertThat(names(fields, touched.nonZeroFields())).containsExactly("first.low", "second.whole");
        assertThat(names(fields, touched.toggledFields())).containsExactly("first.low");
        touched.read(4, 4, 0xffff_ffffL);
        assertThat(names(fields, touched.nonZeroFields())).as("all ones may be no answer").doesNotContain("third[].whole");
        touched.written(9, 1, 0x80);
        assertThat(names(fields, touched.nonZeroFields())).contains("third[].whole");
        touched.written(4, 4, 0);
        touched.written(8, 4, 0xffff_ffffL);
        assertThat(names(fields, touched.toggledFields())).contains("third[].whole");
    }

    private static List<String> names(LinkCoverage coverage, BitSet bits) {
        return names(coverage.fields().orElseThrow(), bits);
    }

    private static List<String> names(RegisterFields fields, BitSet bits) {
        return bits.stream().mapToObj(fields.names()::get).toList();
    }
}
