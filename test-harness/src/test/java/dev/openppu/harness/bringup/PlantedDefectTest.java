package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.Observable;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One thing is wrong in an otherwise sound link: exactly the cases that are about it fail. */
class PlantedDefectTest {
    private static final int LOST_VECTOR = 5;
    /** More than the driver pins for itself, so that only the case's own memory is shifted. */
    private static final long LARGE = 3L << 20;

    @Test
    void aWrongResetValue() {
        assertThat(failures(link -> new DefectiveLink(link) {
            private final Set<Long> written = new HashSet<>();

            @Override
            public Mmio bar(int index) {
                Mmio window = super.bar(index);
                long moderation = index == PpuIds.BAR_REGISTERS
                        ? new PpuBar0Regs(window).interrupts().base() + InterruptsRegs.MODERATION_OFFSET
                        : -1;
                return through(window, new Trap() {
                    @Override
                    public long read(long offset, int bytes) {
                        return super.read(offset, bytes) | (offset == moderation && !written.contains(offset) ? 1 : 0);
                    }

                    @Override
                    public void write(long offset, int bytes, long value) {
                        written.add(offset);
                        super.write(offset, bytes, value);
                    }
                });
            }
        })).containsExactly("registers.reset-value.interrupts");
    }

    @Test
    void aWrongNameForARefusal() {
        Set<String> badSignatures = Images.damaged().stream().filter(d -> d.refusal() == BootError.BAD_SIGNATURE)
                .flatMap(d -> List.of("boot." + d.id() + ".device-memory", "boot." + d.id() + ".host-dma").stream())
                .collect(Collectors.toSet());
        assertThat(failures(link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                Mmio window = super.bar(index);
                long status = index == PpuIds.BAR_REGISTERS ? new PpuBar0Regs(window).boot().base() + BootRegs.STATUS_OFFSET : -1;
                return through(window, new Trap() {
                    @Override
                    public long read(long offset, int bytes) {
                        long value = super.read(offset, bytes);
                        boolean signature = offset == status && BootRegs.Status.error((int) value) == BootError.BAD_SIGNATURE.value();
                        return signature ? BootRegs.Status.withError((int) value, BootError.DIGEST_MISMATCH) : value;
                    }
                });
            }
        })).containsExactlyInAnyOrderElementsOf(badSignatures);
    }

    @Test
    void aLostInterrupt() {
        assertThat(failures(link -> new DefectiveLink(link) {
            private final Interrupts irq = new Irq(link.interrupts()) {
                @Override
                public long delivered(int vector) {
                    return vector == LOST_VECTOR ? 0 : super.delivered(vector);
                }
            };

            @Override
            public Interrupts interrupts() {
                return irq;
            }
        })).containsExactly("interrupts.each");
    }

    @Test
    void aMaskThatHoldsNothingBack() {
        assertThat(failures(link -> new DefectiveLink(link) {
            private final Interrupts irq = new Irq(link.interrupts()) {
                @Override
                public void mask(int vector) {}
            };

            @Override
            public Interrupts interrupts() {
                return irq;
            }
        })).containsExactly("interrupts.masked", "interrupts.replayed");
    }

    @Test
    void aDmaThatIsOffByOne() {
        assertThat(failures(withDma(sound -> new DefectiveLink.Dma(sound) {
            @Override
            public DmaMapping allocate(long bytes, DmaAccess access) {
                if (bytes < LARGE) {
                    return super.allocate(bytes, access);
                }
                DmaMapping mapping = super.allocate(bytes + 1, access);
                return new Shown(mapping, mapping.memory().asSlice(1, bytes));
            }
        }))).containsExactly("dma.large");
    }

    @Test
    void rightsThatAreNotEnforced() {
        assertThat(failures(withDma(sound -> new DefectiveLink.Dma(sound) {
            @Override
            public DmaMapping allocate(long bytes, DmaAccess access) {
                return super.allocate(bytes, DmaAccess.BOTH);
            }
        }))).containsExactly("boot.unreadable", "dma.read-only", "dma.write-only");
    }

    @Test
    void unmappingThatIsNotEnforced() {
        assertThat(failures(withDma(sound -> new DefectiveLink.Dma(sound) {
            @Override
            public DmaMapping allocate(long bytes, DmaAccess access) {
                DmaMapping mapping = super.allocate(bytes, access);
                return new Shown(mapping, mapping.memory()) {
                    @Override
                    public void close() {}
                };
            }
        }))).containsExactly("boot.unmapped", "dma.unmapped", "dma.after-unmap", "queues.ring-fault");
    }

    @Test
    void anotherDeviceIsNotTouchedBeyondConfigSpace() {
        SuiteReport report = run(link -> new DefectiveLink(link) {
            @Override
            public ConfigSpace config() {
                return new OtherRevision(super.config());
            }
        });
        assertThat(ids(report)).containsExactly("config.identity");
        assertThat(report.tally().passed()).isZero();
        assertThat(report.tally().skipped()).isEqualTo(report.suite().size() - 1);
    }

    /** As the reference device in C is. */
    @Test
    void aSmallDeviceIsHeldToWhatItHas() {
        SuiteReport report = run(link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                Mmio window = super.bar(index);
                if (index != PpuIds.BAR_REGISTERS) {
                    return window;
                }
                PpuBar0Regs registers = new PpuBar0Regs(window);
                long keys = registers.boot().base() + BootRegs.KEYS_OFFSET;
                long counts = registers.id().base() + IdRegs.COUNTS_OFFSET;
                return through(window, new Trap() {
                    @Override
                    public long read(long offset, int bytes) {
                        long value = super.read(offset, bytes);
                        return offset == keys ? 0 : offset == counts ? IdRegs.Counts.withQueues((int) value, 1) : value;
                    }
                });
            }
        });
        assertThat(ids(report)).isEmpty();
        assertThat(report.tally().passed()).isGreaterThan(50);
        assertThat(report.results()).filteredOn(result -> result.subject().id().equals("boot.good.device-memory"))
                .singleElement().satisfies(result -> assertThat(result.outcome().remark()).contains("the ROM trusts no key"));
        assertThat(report.results()).filteredOn(result -> result.subject().id().equals("registers.write-read.queue"))
                .singleElement().satisfies(result -> assertThat(result.notes()).singleElement().asString().isEqualTo("4 of 256 registers"));
    }

    @Test
    void whatALinkHidesIsNeitherPassedNorFailed() {
        List<Unobservable> hidden = List.of(new Unobservable(Observable.MSIX_MASKING, "the kernel keeps the MSI-X table to itself"),
                new Unobservable(Observable.RESET_WINDOW, "resets are waited for below"));
        SuiteReport report = run(link -> new DefectiveLink(link) {
            @Override
            public List<Unobservable> unobservable() {
                return hidden;
            }
        });
        assertThat(report.failures()).isEmpty();
        assertThat(report.hidden()).isEqualTo(hidden);
        assertThat(report.results().stream().filter(r -> r.outcome() instanceof Outcome.Unobservable).map(r -> r.subject().id()))
                .containsExactly("config.flr", "interrupts.masked", "interrupts.replayed");
        assertThat(report.tally().unobservable()).isEqualTo(3);
        assertThat(report.results().stream().filter(r -> r.subject().id().equals("interrupts.masked")).map(r -> r.outcome().remark()))
                .containsExactly("MSIX_MASKING: the kernel keeps the MSI-X table to itself");
    }

    private static UnaryOperator<DeviceLink> withDma(UnaryOperator<DmaSpace> defect) {
        return link -> new DefectiveLink(link) {
            private final DmaSpace dma = defect.apply(link.dma());

            @Override
            public DmaSpace dma() {
                return dma;
            }
        };
    }

    private static List<String> failures(UnaryOperator<DeviceLink> defect) {
        return ids(run(defect));
    }

    private static List<String> ids(SuiteReport report) {
        return report.failures().stream().map(CaseResult::subject).map(c -> c.id()).toList();
    }

    private static SuiteReport run(UnaryOperator<DeviceLink> defect) {
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&seed=3")) {
            return SuiteRunner.run(BringUpSuite.suite(), defect.apply(link), SuiteListener.SILENT);
        }
    }

    /** A mapping that shows other memory than the device reaches. */
    static class Shown implements DmaMapping {
        private final DmaMapping sound;
        private final MemorySegment memory;

        Shown(DmaMapping sound, MemorySegment memory) {
            this.sound = sound;
            this.memory = memory;
        }

        @Override
        public long iova() {
            return sound.iova();
        }

        @Override
        public long size() {
            return memory.byteSize();
        }

        @Override
        public DmaAccess access() {
            return sound.access();
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    private record OtherRevision(ConfigSpace sound) implements ConfigSpace {
        @Override
        public int size() {
            return sound.size();
        }

        @Override
        public int read8(int offset) {
            return offset == Header.REVISION_ID ? PpuIds.REVISION + 1 : sound.read8(offset);
        }

        @Override
        public int read16(int offset) {
            return sound.read16(offset);
        }

        @Override
        public int read32(int offset) {
            return sound.read32(offset);
        }

        @Override
        public void write8(int offset, int value) {
            sound.write8(offset, value);
        }

        @Override
        public void write16(int offset, int value) {
            sound.write16(offset, value);
        }

        @Override
        public void write32(int offset, int value) {
            sound.write32(offset, value);
        }
    }
}
