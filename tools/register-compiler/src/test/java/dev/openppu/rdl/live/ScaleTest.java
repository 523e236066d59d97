package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What large maps cost, and that accesses allocate nothing. */
class ScaleTest {

    private static long allocated(Runnable action) {
        long before = allocated();
        action.run();
        return allocated() - before;
    }

    /** By reflection, because the module does not read the management modules. */
    private static long allocated() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
            return (long) Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class)
                    .invoke(threads, Thread.currentThread().threadId());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JVM does not count allocations", e);
        }
    }

    @Test
    @Timeout(60)
    void aMillionRegistersCostWhatIsUsedOfThem() {
        var map = Live.map("regfile block { reg { field { swmod; } v[31:0] = 7; } data[1000]; reg { field {} e[0:0] = 0; } enable;"
                + "reg { field { hw = w; woclr; intr; } i[0:0] = 0; } raw; raw.i->enable = enable.e; }; block blocks[1000];");
        assertThat(allocated(() -> new LiveRegisters(map))).isLessThan(2_000_000);
        LiveRegisters registers = new LiveRegisters(map);
        long last = registers.locator().find("top.blocks[999].data[999]").address();
        assertThat(allocated(() -> assertThat(registers.read(last, 4)).isEqualTo(7))).isLessThan(2_000_000);
    }

    @Test
    @Timeout(60)
    void aMillionRegistersCanAllBeUsed() {
        LiveRegisters registers = Live.registers("reg { field {} v[31:0] = 7; } data[1000][1000];");
        long heap = allocated(() -> {
            for (long address = 0; address < 4_000_000; address += 4) {
                registers.write(address, 4, address);
            }
        });
        for (long address = 0; address < 4_000_000; address += 4) {
            assertThat(registers.read(address, 4) == address).isTrue();
        }
        assertThat(heap / 1_000_000).as("bytes made for each, most of them short-lived; how many depends on the JIT compiler")
                .isLessThan(1_500);
    }

    @Test
    @Timeout(60)
    void moreFollowersThanCanLiveAreRefused() {
        var map = Live.map("signal {} s; reg follower { field { hw = w; } v[31:0] = 0; v->hwset = s; }; follower many[0x10000][0x10000];");
        assertThatThrownBy(() -> new LiveRegisters(map)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 1048576 registers follow");
    }

    @Test
    void aVastMemoryCostsNothingUntilItIsWritten() {
        var map = Live.map("external mem { mementries = 0xC00000000; memwidth = 64; } ram @0x1000000000;");
        assertThat(allocated(() -> new LiveRegisters(map))).isLessThan(1_000_000);
        LiveRegisters registers = new LiveRegisters(map);
        long end = 0x1000000000L + 0xC00000000L * 8;
        registers.write(end - 8, 8, 42);
        assertThat(registers.read(end - 8, 8)).isEqualTo(42);
        assertThat(allocated(() -> {
            for (long page = 0; page < 1 << 20; page++) {
                registers.read(0x1000000000L + (page << 14), 8);
                registers.write(0x1000000000L + (page << 14), 8, 0);
            }
        })).isLessThan(100_000);
    }

    @Test
    void accessesAllocateNothing() {
        LiveRegisters registers = Live.registers("""
                signal {} key;
                reg { field {} a[7:0] = 0; field { rclr; hw = w; } b[15:8] = 0; field { woclr; hw = w; intr; } c[23:16] = 0; field { singlepulse; } p[24:24] = 0; } x @0;
                reg { field {} e[7:0] = 0; } y @4;
                reg { field { sw = r; hw = w; nonsticky intr; } s[0:0] = 0; } sum @8;
                external mem { mementries = 1024; memwidth = 32; } ram @0x1000;
                x.a->swwe = key; x.c->enable = y.e; sum.s->next = x->intr;
                """);
        Runnable accesses = () -> {
            for (int i = 0; i < 1000; i++) {
                registers.write(0, 4, i * 0x01010101L);
                registers.drive(0, 4, i * 0x010101L);
                registers.write(4, 4, i);
                registers.read(0, 4);
                registers.peek(8, 4);
                registers.write(0x1000 + (i & 0xff) * 4, 4, i + 1);
                registers.read(0x1000 + (i & 0xff) * 4, 4);
            }
        };
        accesses.run();
        assertThat(allocated(accesses)).isLessThan(10_000);
    }
}
