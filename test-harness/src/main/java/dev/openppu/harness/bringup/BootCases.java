package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.driver.owner.BootOutcome;
import dev.openppu.hal.Observable;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Stage 3: the boot ROM refuses every kind of bad image by name, from both sources, and boots a good one afterwards. */
final class BootCases {
    /** Where the host can put an image; what is in flash is not the host's choice. */
    private static final List<ImageSource> HOST_SOURCES = List.of(ImageSource.DEVICE_MEMORY, ImageSource.HOST_DMA);

    private static final Rule BY_NAME = Rule.guide(3,
            "Anything wrong: boot.status.error says why by name, refused counts, the ROM is ready again");

    private BootCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of("boot.rom-ready", "The boot ROM gets ready",
                Rule.guide(3, "After a reset the state goes from ROM_INIT to ROM_READY by itself"),
                BootCases::romReady));
        for (ImageSource source : HOST_SOURCES) {
            for (Images.Damaged damaged : Images.damaged()) {
                cases.add(Case.of("boot.%s.%s".formatted(damaged.id(), name(source)),
                        "Refused: %s (%s)".formatted(damaged.title(), name(source)), BY_NAME,
                        bench -> refused(damaged.refusal() == BootError.UNKNOWN_KEY ? bench.bare() : trusting(bench),
                                damaged.image(), source, damaged.refusal())));
            }
        }
        cases.add(Case.of("boot.unaligned", "Refused: image not aligned", BY_NAME,
                bench -> refusedAt(trusting(bench), 0x1004, ImageSource.DEVICE_MEMORY,
                        BootError.BAD_ADDRESS)));
        cases.add(Case.of("boot.outside-memory", "Refused: image outside device memory", BY_NAME,
                bench -> refusedAt(trusting(bench), bench.registers().memory().readSize(), ImageSource.DEVICE_MEMORY,
                        BootError.BAD_ADDRESS)));
        cases.add(Case.of("boot.address-overflow", "Refused: image at the end of the address space", BY_NAME,
                bench -> refusedAt(trusting(bench), -4096, ImageSource.DEVICE_MEMORY, BootError.BAD_ADDRESS)));
        cases.add(Case.of("boot.unmapped", "Refused: image at an IOVA that is not mapped", BY_NAME, BootCases::unmapped));
        cases.add(Case.of("boot.unreadable", "Refused: image that the device may not read", BY_NAME, BootCases::unreadable)
                .needing(Observable.WRITE_ONLY_DMA));
        cases.add(
                Case.of("boot.good.host-dma", "A good image boots from host memory", Rule.guide(3, "After any refusal a good image boots"),
                        bench -> good(bench, ImageSource.HOST_DMA)));
        cases.add(Case.of("boot.start-ignored", "Start is ignored while running",
                Rule.map("boot.command is taken only in ROM_READY, ignored otherwise"),
                BootCases::startIgnored));
        cases.add(Case.of("boot.older", "Refused: older than the anti-rollback counter",
                Rule.guide(3, "An image whose security version is below the anti-rollback counter is refused, after any reset"),
                BootCases::older));
        cases.add(Case.of("boot.good.device-memory", "A good image boots from device memory",
                Rule.guide(3, "After any refusal a good image boots"),
                bench -> good(bench, ImageSource.DEVICE_MEMORY)).gating());
        cases.add(Case.of("boot.counter", "A refused image moves no counter",
                Rule.guide(3, "The anti-rollback counter takes a version only after that firmware has reported itself running"),
                BootCases::counter));
        return new Stage("boot", "Boot ROM and firmware images", cases);
    }

    private static String name(ImageSource source) {
        return source.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A ROM that trusts no key refuses whatever it is given, and says that alone. */
    private static BareDevice trusting(Bench bench) {
        BareDevice device = bench.bare();
        bench.requireKeys();
        return device;
    }

    private static void romReady(Bench bench) {
        bench.function().resetMildly();
        Check.that(bench.bare().boot().awaitReady(), "ROM_READY", bench.bare().boot().state().toString());
    }

    private static void refused(BareDevice device, byte[] image, ImageSource source, BootError expected) {
        int before = refusals(device);
        expectRefusal(device, device.boot().boot(image, source), expected, before);
    }

    private static void refusedAt(BareDevice device, long address, ImageSource source, BootError expected) {
        int before = refusals(device);
        expectRefusal(device, device.boot().start(address, Images.good().length, source), expected, before);
    }

    private static void expectRefusal(BareDevice device, BootOutcome outcome, BootError expected, int refusalsBefore) {
        Check.equal("boot outcome", new BootOutcome.Refused(expected), outcome);
        Check.equal("boot.status.state", BootState.ROM_READY, device.boot().state());
        Check.equal("boot.status.refused", refusalsBefore + 1, refusals(device));
    }

    private static int refusals(BareDevice device) {
        return BootRegs.Status.refused(device.registers().boot().readStatus());
    }

    private static void unmapped(Bench bench) {
        long iova;
        try (DmaMapping mapping = bench.link().dma().allocate(Images.good().length, DmaAccess.DEVICE_READS)) {
            iova = mapping.iova();
        }
        refusedAt(trusting(bench), iova, ImageSource.HOST_DMA, BootError.DMA_FAULT);
    }

    private static void unreadable(Bench bench) {
        try (DmaMapping mapping = bench.link().dma().allocate(Images.good().length, DmaAccess.DEVICE_WRITES)) {
            MemorySegment.copy(MemorySegment.ofArray(Images.good()), 0, mapping.memory(), 0, Images.good().length);
            refusedAt(trusting(bench), mapping.iova(), ImageSource.HOST_DMA, BootError.DMA_FAULT);
        }
    }

    private static void good(Bench bench, ImageSource source) {
        BareDevice device = trusting(bench);
        if (device.boot().state() != BootState.ROM_READY) {
            bench.function().resetMildly();
        }
        BootOutcome outcome = bench.bare().boot().boot(Images.good(), source);
        if (!(outcome instanceof BootOutcome.Running(int major, int minor, int patch))) {
            throw new CheckFailedException("the good image runs", outcome.toString());
        }
        int version = bench.registers().fw().readVersion();
        Check.equal("fw.version", "%d.%d.%d".formatted(major, minor, patch),
                "%d.%d.%d".formatted(FwRegs.Version.major(version), FwRegs.Version.minor(version), FwRegs.Version.patch(version)));
        bench.note("firmware %d.%d.%d".formatted(major, minor, patch));
    }

    private static void startIgnored(Bench bench) {
        BareDevice device = trusting(bench);
        Check.equal("state before", BootState.RUNNING, device.boot().state());
        int before = refusals(device);
        device.registers().boot().writeCommand(BootRegs.Command.withStart(0, true));
        bench.link().runtime().sleep(1_000_000);
        Check.equal("state after writing start", BootState.RUNNING, device.boot().state());
        Check.equal("boot.status.refused", before, refusals(device));
    }

    private static void older(Bench bench) {
        bench.requireKeys();
        int counter = bench.registers().boot().readSecurityVersion();
        Check.that(Integer.compareUnsigned(counter, 1) >= 0, "boot.security_version >= 1 after the good image ran",
                Integer.toUnsignedString(counter));
        bench.function().resetThoroughly();
        Check.equal("boot.security_version after a reset", counter, bench.registers().boot().readSecurityVersion());
        for (ImageSource source : HOST_SOURCES) {
            refused(bench.bare(), Images.older(), source, BootError.ROLLED_BACK);
        }
        bench.note("counter " + counter);
    }

    private static void counter(Bench bench) {
        bench.requireKeys();
        int before = bench.registers().boot().readSecurityVersion();
        bench.function().resetMildly();
        for (Images.Damaged damaged : Images.damaged()) {
            if (damaged.refusal() == BootError.WRONG_TARGET) {
                refused(bench.bare(), damaged.image(), ImageSource.DEVICE_MEMORY, BootError.WRONG_TARGET);
            }
        }
        Check.equal("boot.security_version after refusing version 9", before, bench.registers().boot().readSecurityVersion());
    }
}
