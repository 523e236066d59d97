package dev.openppu.harness.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.MsixEntryRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bringup.DefectRuns;
import dev.openppu.harness.bringup.DefectiveConfig;
import dev.openppu.harness.bringup.DefectiveLink;
import dev.openppu.harness.bringup.DefectiveRegisters;
import dev.openppu.harness.pci.ConfigMap.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model keeps every rule of the suite, and a rule that is broken turns exactly its cases red. */
class PciSuiteTest {
    private static final Suite SUITE = new Suite("pci", "PCI", PciSuite.stages(SuiteSettings.QUICK));
    /** Of the latency timer, in the doubleword of the cache line size. */
    private static final int LATENCY = 1 << 8;
    private static final int FIRST_CAPABILITY = 0x40;
    private static final int ADDRESS_BIT = 1 << 25;

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim&seed=5", "model:zw810e?clock=sim&seed=6", "model:zw810e?clock=free"})
    void theModelKeepsEveryRule(String uri) {
        assertThat(DefectRuns.sound(SUITE, uri).tally().passed()).isEqualTo(SUITE.size());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a reserved bit that is set",
                        reading((_, offset, value) -> offset == Header.CACHE_LINE_SIZE ? value | LATENCY : value),
                        List.of("pci.bits.header")),
                arguments("a list that ends where it began",
                        reading((config, offset, value) -> offset == at(config, Structure.VENDOR) ? value | FIRST_CAPABILITY << 8 : value),
                        List.of("pci.list")),
                arguments("an address bit of a BAR that is stuck",
                        writing((_, offset, value) -> offset == Header.bar(PpuIds.BAR_DOORBELLS) ? value & ~ADDRESS_BIT : value),
                        List.of("pci.bar.bits")),
                arguments("an error status that any write clears",
                        writing((config, offset, value) -> offset == at(config, Structure.AER) + Aer.UNCORRECTABLE_STATUS ? -1 : value),
                        List.of("pci.error.clears")),
                arguments("a severity that cannot be set",
                        writing((config, offset, value) -> offset == at(config, Structure.AER) + Aer.UNCORRECTABLE_SEVERITY
                                ? value & ~Aer.UNSUPPORTED_REQUEST
                                : value),
                        List.of("pci.bits.aer", "pci.error.fatal", "pci.error.sticky")),
                arguments("a Function Mask that cannot be set",
                        writing((config, offset, value) -> offset == at(config, Structure.MSIX) + Msix.MESSAGE_CONTROL
                                ? value & ~Msix.FUNCTION_MASK
                                : value),
                        List.of("pci.bits.msix", "pci.msix.function-mask", "pci.power.interrupts")),
                arguments("reserved bits of the table that can be set, and stay", inBar(PpuIds.BAR_DOORBELLS, PciSuiteTest::storedControl),
                        List.of("pci.msix.table-bits", "pci.msix.after-reset")),
                arguments("a BAR that stays where it was", (UnaryOperator<DeviceLink>) FixedBars::new, List.of("pci.bar.moves")),
                arguments("registers lost in D3hot", (UnaryOperator<DeviceLink>) Forgetful::new, List.of("pci.power.back")),
                arguments("a mask that is not sticky",
                        afterReset(config -> config.write32(at(config, Structure.AER) + Aer.UNCORRECTABLE_MASK, 0)),
                        List.of("pci.error.sticky", "pci.flr.config")),
                arguments("a command register that survives a reset", afterReset(config -> config.write16(Header.COMMAND, 6)),
                        List.of("pci.flr.config")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, List<String> expected) {
        DefectRuns.expectRed(SUITE, defect, expected);
    }

    /** Where a structure is; nowhere while the function does not answer. */
    private static int at(ConfigSpace config, Structure structure) {
        return structure.offset(config).orElse(-1);
    }

    @FunctionalInterface
    private interface Change {
        int of(ConfigSpace sound, int offset, int value);
    }

    private static UnaryOperator<DeviceLink> reading(Change change) {
        return link -> withConfig(link, new DefectiveConfig(link.config()) {
            @Override
            protected int reads(int offset, int value) {
                return change.of(link.config(), offset, value);
            }
        });
    }

    private static UnaryOperator<DeviceLink> writing(Change change) {
        return link -> withConfig(link, new DefectiveConfig(link.config()) {
            @Override
            protected int arrives(int offset, int value) {
                return change.of(link.config(), offset, value);
            }
        });
    }

    private static DeviceLink withConfig(DeviceLink link, ConfigSpace config) {
        return new DefectiveLink(link) {
            @Override
            public ConfigSpace config() {
                return config;
            }
        };
    }

    /** What the function does by itself as soon as it is ready after a reset. */
    private static UnaryOperator<DeviceLink> afterReset(Consumer<ConfigSpace> deed) {
        return link -> new DefectiveLink(link) {
            private boolean due;
            private final ConfigSpace config = new DefectiveConfig(link.config()) {
                @Override
                protected int reads(int offset, int value) {
                    if (due && offset == Header.VENDOR_ID && value != -1) {
                        due = false;
                        deed.accept(link.config());
                    }
                    return value;
                }
            };

            @Override
            public ConfigSpace config() {
                return config;
            }

            @Override
            public void reset(ResetKind kind) {
                due = true;
                super.reset(kind);
            }
        };
    }

    private static UnaryOperator<DeviceLink> inBar(int bar, Function<Mmio, DefectiveLink.Trap> trap) {
        return link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                Mmio window = super.bar(index);
                return index == bar ? through(window, trap.apply(window)) : window;
            }
        };
    }

    /** Vector Control reads as all 32 bits that were written last. */
    private static DefectiveLink.Trap storedControl(Mmio window) {
        PpuBar4Regs registers = new PpuBar4Regs(window);
        long first = registers.vector(0).base();
        long end = first + PpuBar4Regs.VECTOR_COUNT * MsixEntryRegs.SIZE;
        Map<Long, Long> written = new HashMap<>();
        return new DefectiveLink.Trap() {
            @Override
            public long read(long offset, int bytes) {
                long value = super.read(offset, bytes);
                return bytes == Integer.BYTES ? written.getOrDefault(offset, value) : value;
            }

            @Override
            public void write(long offset, int bytes, long value) {
                super.write(offset, bytes, value);
                if (offset >= first && offset < end && (offset - first) % MsixEntryRegs.SIZE == MsixEntryRegs.CONTROL_OFFSET) {
                    written.put(offset, value);
                }
            }
        };
    }

    /** The function answers where it did first, wherever software puts its BARs. */
    private static final class FixedBars extends DefectiveLink {
        private final Map<Integer, Mmio> first = new HashMap<>();

        FixedBars(DeviceLink link) {
            super(link);
        }

        @Override
        public Mmio bar(int index) {
            return first.computeIfAbsent(index, super::bar);
        }
    }

    /** id.test is 0 after D3hot, until it is written. */
    private static final class Forgetful extends DefectiveRegisters {
        private final ConfigSpace config;
        private boolean slept;
        private boolean forgotten;

        Forgetful(DeviceLink link) {
            super(link);
            int state = at(link.config(), Structure.POWER) + PowerManagement.CONTROL_STATUS;
            config = new DefectiveConfig(link.config()) {
                @Override
                protected int arrives(int offset, int value) {
                    if (offset == state) {
                        forgotten |= slept && (value & PowerManagement.POWER_STATE_MASK) == PowerManagement.D0;
                        slept = (value & PowerManagement.POWER_STATE_MASK) == PowerManagement.D3HOT;
                    }
                    return value;
                }
            };
        }

        @Override
        public ConfigSpace config() {
            return config;
        }

        @Override
        protected long reads(PpuBar0Regs registers, long offset, long value) {
            return forgotten && isTest(registers, offset) ? 0 : value;
        }

        @Override
        protected long arrives(PpuBar0Regs registers, long offset, long value) {
            forgotten &= !isTest(registers, offset);
            return value;
        }

        private static boolean isTest(PpuBar0Regs registers, long offset) {
            return offset == registers.id().base() + IdRegs.TEST_OFFSET;
        }
    }
}
