package dev.openppu.abi.reg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The register map is a contract: a committed snapshot holds every address, reset value and access property of it. Whoever changes
 * ppu.rdl on purpose also changes the snapshot, and a reviewer sees in it what the change means for a driver.
 */
class RegisterContractTest {

    private static final Path SOURCE = Path.of("src/main/rdl/ppu.rdl");

    @Test
    void mapsThatShipAreThoseOfTheSnapshot() throws IOException {
        String actual = RegisterSnapshot.of(List.of(shipped("ppu_bar0"), shipped("ppu_bar4")));
        Path copy = Path.of("target", "ppu.snapshot.txt");
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, actual);
        assertThat(actual).as("ppu.rdl changed; if on purpose, commit %s as the new snapshot", copy).isEqualTo(snapshot());
    }

    @Test
    void mapsThatShipAreThoseOfTheSource() throws IOException {
        Compilation compilation = compile(Files.readString(SOURCE));
        assertThat(compilation.maps().keySet()).containsExactly("ppu_bar0", "ppu_bar4");
        assertThat(shipped("ppu_bar0")).isEqualTo(compilation.map("ppu_bar0"));
        assertThat(shipped("ppu_bar4")).isEqualTo(compilation.map("ppu_bar4"));
    }

    /** One change of every kind: the snapshot must notice each of them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            reset value               | value[31:0] = 32'h5550504F                   | value[31:0] = 32'h5550504E
            reset value dropped       | patch[7:0] = 8'd0                             | patch[7:0]
            sw                        | field { sw = rw; hw = r; } iova[63:0] = 64'd0;| field { sw = r; hw = r; } iova[63:0] = 64'd0;
            sw by default             | default sw = r; default hw = na;              | default sw = rw; default hw = na;
            hw                        | field { hw = w; } value[31:0];                | field { hw = r; } value[31:0];
            onread                    | field { onread = rclr; hw = rw; } correctable | field { onread = rset; hw = rw; } correctable
            onread dropped            | field { onread = rclr; hw = rw; } correctable | field { hw = rw; } correctable
            onwrite                   | default onwrite = woclr                       | default onwrite = woset
            onwrite of one field      | onwrite = woclr; hwset; desc                  | onwrite = wzc; hwset; desc
            singlepulse               | hw = r; singlepulse; desc = "Load             | hw = r; desc = "Load
            swmod                     | sw = rw; hw = r; swmod;                       | sw = rw; hw = r;
            intr                      | raw.fw_event->enable = enable.fw_event;       | raw.fw_event->intr = false;
            interrupt's trigger       | field { intr; stickybit; hwset; desc = "The f | field { posedge intr; stickybit; hwset; desc = "The f
            stickybit                 | field { intr; stickybit; hwset; desc = "The f | field { intr; sticky; hwset; desc = "The f
            hwset                     | field { intr; stickybit; hwset; desc = "The f | field { intr; stickybit; desc = "The f
            enable's reference        | raw.boot->enable = enable.boot                | raw.boot->enable = enable.error
            enable turned into mask   | raw.boot->enable = enable.boot                | raw.boot->mask = enable.boot
            regwidth                  | reg { desc = "Messages that the host has taken | reg { regwidth = 64; desc = "Messages that the host has taken
            register's address        | } moderation @0x0C                            | } moderation @0x1C
            block's address           | interrupts    @0x00300                        | interrupts    @0x00340
            array's length            | queue          queue[64]                      | queue          queue[32]
            array's stride            | @0x02000 += 0x40                              | @0x02000 += 0x80
            register array's stride   | sticky_scratch[4] @0x50 += 4                  | sticky_scratch[4] @0x50 += 8
            enum's value              | VERIFYING = 4'd4                              | VERIFYING = 4'd9
            enum's entry              | VERIFYING = 4'd4                              | CHECKING = 4'd4
            encode                    | field { encode = mmu_access_e; }              | field { encode = mmu_scope_e; }
            resetsignal               | resetsignal = cold_rst; } count[15:0]         | resetsignal = any_rst; } count[15:0]
            resetsignal dropped       | field { hw = w; resetsignal = cold_rst; }     | field { hw = w; }
            default reset signal      | activehigh; cpuif_reset;                      | activehigh;
            signal's polarity         | "Power-on reset"; activehigh;                 | "Power-on reset"; activelow;
            field's position          | state[3:0] = 4'd0                             | state[7:4] = 4'd0
            field's width             | log2_messages[3:0] = 4'd0                     | log2_messages[4:0] = 4'd0
            field's name              | refused[23:16]                                | rejected[23:16]
            register's name           | } heartbeat_period @0x0C                      | } heart_period @0x0C
            """)
    void everyKindOfChangeShows(String kind, String from, String to) throws IOException {
        String source = Files.readString(SOURCE);
        assertThat(source).as("the text that this test changes").contains(from);
        Compilation changed = compile(source.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
        assertThat(changed.succeeded()).as("%s: %s", kind, changed.diagnostics()).isTrue();
        assertThat(RegisterSnapshot.of(changed.maps().values())).as(kind)
                .isNotEqualTo(RegisterSnapshot.of(compile(source).maps().values()));
    }

    private static Compilation compile(String source) {
        return new RdlCompiler().add("ppu.rdl", source).compile();
    }

    private static AddressMap shipped(String name) {
        try (InputStream in = RegisterContractTest.class.getResourceAsStream(name + ".map.json")) {
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String snapshot() throws IOException {
        try (InputStream in = RegisterContractTest.class.getResourceAsStream("ppu.snapshot.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
