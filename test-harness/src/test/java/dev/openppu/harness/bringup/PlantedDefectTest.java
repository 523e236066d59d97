package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Observable;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.SuiteReport;
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
        assertThat(failures(link -> new DefectiveRegisters(link) {
            private boolean written;

            @Override
            protected long reads(PpuBar0Regs registers, long offset, long value) {
                return isModeration(registers, offset) && !written ? value | 1 : value;
            }

            @Override
            protected long arrives(PpuBar0Regs registers, long offset, long value) {
                written |= isModeration(registers, offset);
                return value;
            }

            private boolean isModeration(PpuBar0Regs registers, long offset) {
                return offset == registers.interrupts().base() + InterruptsRegs.MODERATION_OFFSET;
            }
        })).containsExactly("registers.reset-value.interrupts");
    }

    @Test
    void aWrongNameForARefusal() {
        Set<String> badSignatures = Images.damaged().stream().filter(d -> d.refusal() == BootError.BAD_SIGNATURE)
                .flatMap(d -> List.of("boot." + d.id() + ".device-memory", "boot." + d.id() + ".host-dma").stream())
                .collect(Collectors.toSet());
        assertThat(failures(WrongRegisters.reading(bar0 -> bar0.boot().base() + BootRegs.STATUS_OFFSET,
                value -> BootRegs.Status.error((int) value) == BootError.BAD_SIGNATURE.value()
                        ? BootRegs.Status.withError((int) value, BootError.DIGEST_MISMATCH)
                        : value)))
                .containsExactlyInAnyOrderElementsOf(badSignatures);
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
                return new DefectiveLink.Shown(mapping, mapping.memory().asSlice(1, bytes));
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
                return new DefectiveLink.Shown(mapping, mapping.memory()) {
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
                return new DefectiveConfig(super.config()) {
                    @Override
                    protected int reads(int offset, int value) {
                        return offset == Header.REVISION_ID ? value & ~0xFF | PpuIds.REVISION + 1 : value;
                    }
                };
            }
        });
        assertThat(DefectRuns.red(report)).containsExactly("config.identity");
        assertThat(report.tally().passed()).isZero();
        assertThat(report.tally().skipped()).isEqualTo(report.suite().size() - 1);
    }

    /** As the reference device in C is. */
    @Test
    void aSmallDeviceIsHeldToWhatItHas() {
        SuiteReport report = run(link -> new DefectiveRegisters(link) {
            @Override
            protected long reads(PpuBar0Regs registers, long offset, long value) {
                if (offset == registers.boot().base() + BootRegs.KEYS_OFFSET) {
                    return 0;
                }
                return offset == registers.id().base() + IdRegs.COUNTS_OFFSET ? IdRegs.Counts.withQueues((int) value, 1) : value;
            }
        });
        assertThat(DefectRuns.red(report)).isEmpty();
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
        return link -> DefectiveLink.withDma(link, defect.apply(link.dma()));
    }

    private static List<String> failures(UnaryOperator<DeviceLink> defect) {
        return DefectRuns.red(run(defect));
    }

    private static SuiteReport run(UnaryOperator<DeviceLink> defect) {
        return DefectRuns.run(BringUpSuite.suite(), defect);
    }
}
