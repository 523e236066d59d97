package dev.openppu.rdl.live.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.live.script.Script.OnFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language itself. */
class ScriptTest {

    private final LiveRegisters registers = new LiveRegisters(Rdl.top("""
            enum mode { IDLE = 2'd0; RUN = 2'd2; };
            reg { field { encode = mode; } mode[1:0] = 0; field {} n[15:8] = 3; } ctl @0;
            reg { field { hw = w; woclr; intr; } i[0:0] = 0; } raw[2] @8;
            """));
    private final List<String> replies = new ArrayList<>();

    private List<String> run(OnFailure onFailure, String text) {
        return Script.of("s", text).run(registers, onFailure, replies::add).stream().map(Object::toString).toList();
    }

    @Test
    void everyCommandHasOneLineOfReply() {
        assertThat(run(OnFailure.STOP, """
                # a comment

                read top.ctl          # and another
                write top.ctl mode=RUN n=4
                read top.ctl.mode => RUN
                read ctl => 0x4_02
                write top.ctl.n 9
                read 0x0:4 => 2306
                """)).isEmpty();
        assertThat(replies).containsExactly("0x300", "ok", "0x2", "0x402", "ok", "0x902");
    }

    @Test
    void aWrongAnswerIsToldWithItsLine() {
        assertThat(run(OnFailure.STOP, "write top.ctl 1\n\nread top.ctl => 2\nread top.ctl => 3")).containsExactly(
                "s:3: top.ctl is 0x1, expected 0x2\n    read top.ctl => 2");
        assertThat(run(OnFailure.GO_ON, "read top.ctl => 2\nread top.ctl => 1\nread top.ctl => 3")).hasSize(2);
    }

    @Test
    void interruptsAreToldToWhomWatches() {
        run(OnFailure.STOP, "watch top.raw[1]\ndrive top.raw[0] 1\ndrive top.raw[1] 1\nunwatch top.raw[1]\nwrite top.raw[1] 1\n");
        assertThat(replies).containsExactly("ok", "ok", "event top.raw[1] intr 1", "ok", "ok", "ok");
    }

    @ParameterizedTest
    @CsvSource({"frob, no command 'frob'", "read, is missing", "read top.nothing, no 'nothing'", "read top.raw, is an array",
        "write top.ctl, a value is missing", "write top.ctl x, 'x' is no number", "write top.ctl.mode 4, too wide",
        "write top.ctl.mode WALK, is no number", "write top.ctl mode=1 foo=2, no field 'foo'", "read top.ctl 1, too much",
        "write top.ctl 1 => 1, no answer", "read 0x0:3, '1, 2, 4 or 8'", "read 0x4, no register", "read -1, no number",
        "signal top.nothing 1, no 'nothing'", "pulse top.ctl.n->hwset, no such input", "increment top.ctl.n, no counter",
        "intr top.ctl, no interrupt", "watch top.ctl, no register with an interrupt", "refuse read top.ctl, was not refused",
        "refuse drive top.ctl, only a read or a write", "drive top 1, no register and no field", "read 8'h1ff, no number",
        "read 0xfffffffffffffffff, no address", "count, no command"})
    void whatCannotBeDoneIsSaid(String line, String message) {
        assertThat(run(OnFailure.STOP, line)).singleElement().asString().startsWith("s:1: ").contains(message);
    }
}
