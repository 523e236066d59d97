package dev.openppu.harness.registers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bringup.DefectiveLink;
import dev.openppu.model.rdl.RdlDevice;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A map with every policy as a device; one policy is broken, and exactly the cases that are about it fail. */
class RegisterDefectTest {
    private static final String FILE = Objects.requireNonNull(RegisterDefectTest.class.getResource("policies.rdl")).getPath();
    private static final LinkUri DEVICE = LinkUri.parse("rdl:" + FILE + "?clock=sim");

    @Test
    void aSoundDeviceKeepsEveryRule() {
        SuiteReport report = run(link -> link, Exclusions.NONE);
        assertThat(ids(report)).isEmpty();
        assertThat(report.tally().passed()).isGreaterThan(100);
        assertThat(report.tally().unobservable()).isEqualTo(1);
        assertThat(outcome(report, "reg.bit-bash.touchy"))
                .isEqualTo(new Outcome.Skipped("excluded: the description says NO_REG_BIT_BASH_TEST"));
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a bit that is always 1", trap(() -> new Access() {
                    @Override
                    public long read(long offset, int bytes) {
                        return super.read(offset, bytes) | (offset == 0 ? 0x8000 : 0);
                    }
                }), ids("reset.plain bit-bash.plain walk.plain aliasing.all shuffled.accesses shuffled.reset-amid-accesses dirty-reset.plain")),
                arguments("a read-only field that takes writes", trap(() -> new Access() {
                    private long fixed = 0x5a;

                    @Override
                    public void write(long offset, int bytes, long value) {
                        fixed = offset == 0 ? value >>> 16 & 0xff : fixed;
                        super.write(offset, bytes, value);
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        return offset == 0 ? super.read(offset, bytes) & 0xffff | fixed << 16 : super.read(offset, bytes);
                    }
                }), ids("bit-bash.plain walk.plain aliasing.all shuffled.accesses shuffled.reset-amid-accesses dirty-reset.plain")),
                arguments("write-one-clears that stores", storing(0x08), policy("by_woclr")),
                arguments("write-one-sets that stores", storing(0x04), policy("by_woset")),
                arguments("write-one-turns that stores", storing(0x0c), policy("by_wot")),
                arguments("write-zero-clears that stores", storing(0x14), policy("by_wzc")),
                arguments("a read that does not clear", trap(() -> new Access() {
                    private long last;

                    @Override
                    public void write(long offset, int bytes, long value) {
                        last = offset == 0x24 ? value : last;
                        super.write(offset, bytes, value);
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        long value = super.read(offset, bytes);
                        last = offset == 0x24 && value != 0 ? value : last;
                        return offset == 0x24 ? last & 0xff : value;
                    }
                }), ids("bit-bash.by_rclr walk.by_rclr shuffled.accesses shuffled.reset-amid-accesses")),
                arguments("a write-only field that can be read", trap(() -> new Access() {
                    @Override
                    public long read(long offset, int bytes) {
                        return offset == 0x2c ? 0x77 : super.read(offset, bytes);
                    }
                }), ids("bit-bash.unreadable walk.unreadable aliasing.all shuffled.accesses shuffled.reset-amid-accesses")),
                arguments("a pulse that stays", trap(() -> new Access() {
                    private long pulse;

                    @Override
                    public void write(long offset, int bytes, long value) {
                        pulse = offset == 0x30 ? value & 1 : pulse;
                        super.write(offset, bytes, value);
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        return super.read(offset, bytes) | (offset == 0x30 ? pulse : 0);
                    }
                }), ids("bit-bash.pulse walk.pulse shuffled.accesses shuffled.reset-amid-accesses")),
                arguments("a lock that does not lock", trap(() -> new Access() {
                    @Override
                    public void write(long offset, int bytes, long value) {
                        long key = super.read(0x38, Integer.BYTES);
                        super.write(0x38, Integer.BYTES, offset == 0x3c ? 1 : key);
                        super.write(offset, bytes, value);
                        if (offset != 0x38) {
                            super.write(0x38, Integer.BYTES, key);
                        }
                    }
                }), ids("lock.locked aliasing.all shuffled.accesses shuffled.reset-amid-accesses")),
                arguments("a register that writes its neighbour", trap(() -> new Access() {
                    @Override
                    public void write(long offset, int bytes, long value) {
                        super.write(offset, bytes, value);
                        if (offset == 0x104) {
                            super.write(0x114, bytes, value);
                        }
                    }
                }), ids("aliasing.all shuffled.accesses shuffled.reset-amid-accesses")),
                arguments("an alias with storage of its own", trap(() -> new Access() {
                    private long own = 0x0dad;

                    @Override
                    public void write(long offset, int bytes, long value) {
                        if (offset == 0x64) {
                            own = value & 0xffff;
                        } else {
                            super.write(offset, bytes, value);
                        }
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        return offset == 0x64 ? own : super.read(offset, bytes);
                    }
                }), ids("shared.shown aliasing.all shuffled.accesses shuffled.reset-amid-accesses")),
                arguments("a reset that leaves a register", kept(0x50), ids("shuffled.reset-amid-accesses dirty-reset.narrow")),
                arguments("an address line of a memory that is stuck", trap(() -> new Access() {
                    @Override
                    public void write(long offset, int bytes, long value) {
                        super.write(offset >= 0x400 ? offset & ~0x10L : offset, bytes, value);
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        return super.read(offset >= 0x400 ? offset & ~0x10L : offset, bytes);
                    }
                }), ids("memory-walk.buffer")),
                arguments("a bit of a memory that is stuck", trap(() -> new Access() {
                    @Override
                    public long read(long offset, int bytes) {
                        return super.read(offset, bytes) & (offset >= 0x400 ? ~4L : -1L);
                    }
                }), ids("memory-access.buffer memory-walk.buffer")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, Defect defect, Set<String> expected) {
        assertThat(new TreeSet<>(ids(run(defect, Exclusions.NONE)))).isEqualTo(expected);
    }

    @Test
    void whatIsExcludedIsLeftOutAndSaysWhy() throws IOException {
        Exclusions exclusions = Exclusions.read("mine", new StringReader("""
                # a comment
                plain.low    compare    drifts
                plain        bit-bash,walk   a write starts a fire
                many[3]      all        belongs to another driver
                """));
        SuiteReport report = run(link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                return through(super.bar(index), new Access() {
                    @Override
                    public long read(long offset, int bytes) {
                        return super.read(offset, bytes) ^ (offset == 0 ? 1 : offset == 0x10c ? 2 : 0);
                    }
                });
            }
        }, exclusions);
        assertThat(ids(report)).isEmpty();
        assertThat(outcome(report, "reg.walk.plain")).isEqualTo(new Outcome.Skipped("excluded: a write starts a fire"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"corners.plain", "plane", "plain.lower", "many[3].none"})
    void whatExcludesNothingIsRefused(String path) throws IOException {
        Exclusions exclusions = Exclusions.read("mine", new StringReader("plain  compare  drifts\n" + path + " write  is dangerous\n"));
        assertThatThrownBy(() -> run(link -> link, exclusions)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mine:2: ").hasMessageContaining("'" + path + "'");
    }

    @Test
    void aFailureSaysWhereTheRuleStandsAndHowToRunItAgain() {
        SuiteReport report = run(trap(() -> new Access() {
            @Override
            public long read(long offset, int bytes) {
                return super.read(offset, bytes) ^ (offset == 0x50 ? 0x10 : 0);
            }
        }), Exclusions.NONE);
        CaseResult failure = report.failures().getFirst();
        assertThat(failure.subject().id()).isEqualTo("reg.reset.narrow");
        assertThat(failure.subject().rule().source()).endsWith("policies.rdl:30");
        assertThat(failure.outcome().remark()).contains("narrow.f after a reset = 0x42").contains("0x52");
        assertThat(report.again(failure)).isEqualTo("ppu conform --device '" + DEVICE + "' --suite registers --case 'reg.reset.narrow'");
    }

    // ---- the runs

    @FunctionalInterface
    interface Defect {
        DeviceLink in(DeviceLink sound);
    }

    /** Accesses of BAR0, one of them wrong. */
    private static class Access extends DefectiveLink.Trap {}

    private static Defect trap(Supplier<Access> wrong) {
        Access trap = wrong.get();
        return link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                return through(super.bar(index), trap);
            }
        };
    }

    /** A register of eight bits that keeps what is written. */
    private static Defect storing(long register) {
        return link -> new DefectiveLink(link) {
            private long stored;
            private boolean written;

            @Override
            public void reset(ResetKind kind) {
                written = false;
                super.reset(kind);
            }

            @Override
            public Mmio bar(int index) {
                return through(super.bar(index), new Access() {
                    @Override
                    public void write(long offset, int bytes, long value) {
                        written |= offset == register;
                        stored = offset == register ? value & 0xff : stored;
                        super.write(offset, bytes, value);
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        return offset == register && written ? stored : super.read(offset, bytes);
                    }
                });
            }
        };
    }

    /** A register of eight bits that no reset changes. */
    private static Defect kept(long register) {
        return link -> new DefectiveLink(link) {
            private int held = -1;
            private int written = -1;

            @Override
            public void reset(ResetKind kind) {
                held = written;
                super.reset(kind);
            }

            @Override
            public Mmio bar(int index) {
                return through(super.bar(index), new Access() {
                    @Override
                    public void write(long offset, int bytes, long value) {
                        written = offset == register ? (int) value & 0xff : written;
                        held = offset == register ? -1 : held;
                        super.write(offset, bytes, value);
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        return offset == register && held >= 0 ? held : super.read(offset, bytes);
                    }
                });
            }
        };
    }

    private static Set<String> policy(String register) {
        return ids("bit-bash.%1$s walk.%1$s aliasing.all shuffled.accesses shuffled.reset-amid-accesses".formatted(register));
    }

    private static Set<String> ids(String words) {
        return new TreeSet<>(Stream.of(words.split(" ")).map(word -> "reg." + word).toList());
    }

    private static SuiteReport run(Defect defect, Exclusions exclusions) {
        Suite suite = new Suite("registers", "Registers",
                new RegisterSuite(List.of(new MapUnderTest(0, RdlDevice.map(DEVICE), FILE)), exclusions,
                        Presence.ALL, SuiteSettings.QUICK).stages());
        try (DeviceLink link = Links.open(DEVICE.toString())) {
            return SuiteRunner.run(suite, defect.in(link), SuiteListener.SILENT);
        }
    }

    private static List<String> ids(SuiteReport report) {
        return report.failures().stream().map(CaseResult::subject).map(c -> c.id()).toList();
    }

    private static Outcome outcome(SuiteReport report, String id) {
        return report.results().stream().filter(r -> r.subject().id().equals(id)).findFirst().orElseThrow().outcome();
    }
}
