package dev.openppu.rdl.emit.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.CompiledAccessors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An access through emitted code allocates nothing, whatever it is an access to. */
class AllocationTest {

    private static final String SOURCE = """
            enum mode_e { OFF = 0; FAST = 2; }; enum wide_e { ALL = 64'hffff_ffff_ffff_ffff; ONE = 1; };
            regfile unit { reg { field { encode = mode_e; } mode[2]; field {} ready[2:2]; } control; reg { regwidth = 64; accesswidth = 16; field {} f[64]; } split;
                reg { regwidth = 64; field { encode = wide_e; } f[64]; } coded; reg { regwidth = 16; field {} f[16]; } small[2][3]; };
            addrmap top { unit units[8] += 0x40; unit many[100][100] @0x10000 += 0x40;
                reg { regwidth = 256; accesswidth = 32; field {} crossing[70:60]; field {} key[255:100]; } wide @0x400;
                external mem { mementries = 16; memwidth = 128; } buffer @0x800; };
            """;

    /** What a driver would do, on everything there is; only the arrays of the caller's come from outside. */
    private static final String USER = """
            package regs;
            public final class User {
                private final TopRegs top;
                private final long[] words = new long[4];
                private final long[] value = new long[3];
                public User(TopRegs top) { this.top = top; }
                int use(int i) {
                    UnitRegs unit = top.units(i & 7);
                    int control = unit.readControl();
                    control = UnitRegs.Control.withReady(control, !UnitRegs.Control.ready(control));
                    unit.writeControl(UnitRegs.Control.withMode(control, Mode.FAST));
                    Mode mode = Mode.of(UnitRegs.Control.mode(control));
                    unit.writeSplit(unit.readSplit() + 1);
                    unit.writeCoded(UnitRegs.Coded.withF(0, Wide.ONE));
                    Wide coded = Wide.of(unit.readCoded());
                    unit.writeSmall(i & 1, i % 3, unit.readSmall(1, 2) + 1);
                    UnitRegs other = top.many(i % 100, 7);
                    other.writeControl(i);
                    top.readWide(words);
                    TopRegs.Wide.setCrossing(words, TopRegs.Wide.crossing(words) + 1);
                    TopRegs.Wide.key(words, value);
                    TopRegs.Wide.setKey(words, value);
                    top.writeWide(words);
                    top.buffer().writeEntry(i & 15, 1, top.buffer().readEntry(i & 15, 0));
                    return (mode == null ? 1 : mode.value()) + (coded == null ? 1 : coded.ordinal());
                }
            }
            """;

    /** Measures beside the emitted code: this module does not read the management API. */
    private static final String METER = """
            package regs;
            public final class Meter {
                private static final com.sun.management.ThreadMXBean THREADS =
                        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
                private int sum;
                public long allocated(User user, int rounds) {
                    THREADS.getCurrentThreadAllocatedBytes();
                    long before = THREADS.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < rounds; i++) {
                        sum += user.use(i);
                    }
                    return THREADS.getCurrentThreadAllocatedBytes() - before;
                }
            }
            """;

    /** One object a round would be 16 bytes a round; the virtual machine may allocate a few in all. */
    private static final int ROUNDS = 20_000;

    @Test
    void accessesAllocateNothing(@TempDir Path folder) throws Exception {
        Map<String, String> more = Map.of("regs/User.java", USER, "regs/Meter.java", METER);
        try (CompiledAccessors accessors = new CompiledAccessors(folder, List.of(Rdl.map(SOURCE)), more)) {
            accessors.quiet();
            Object top = accessors.create("TopRegs", 0);
            Object user = accessors.type("regs.User").getConstructor(top.getClass()).newInstance(top);
            Object meter = accessors.type("regs.Meter").getConstructor().newInstance();
            CompiledAccessors.call(meter, "allocated", user, ROUNDS);
            assertThat((Long) CompiledAccessors.call(meter, "allocated", user, ROUNDS)).isLessThan(ROUNDS / 10);
        }
    }
}
