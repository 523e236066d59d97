package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.driver.owner.BootOutcome;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Images with each of their fields wrong, and starts that come at the wrong time or are interfered with. */
final class ImageCases {
    private static final Rule BY_NAME = Rule.guide(3,
            "Anything wrong: boot.status.error says why by name, the ROM is ready again, a good image boots");
    private static final int TABLE = 0x100;
    private static final int ENTRY = 0x50;
    private static final int SECTIONS = 0x01c;
    private static final int HEADER_SIZE = 0x008;
    private static final int SIGNATURE_BYTES = 64;
    private static final int SAMPLED_BYTES = 48;
    private static final int THOROUGH_STEP = 61;
    private static final long BOOT_NANOS = 2_000_000_000L;
    /** Behind STARTING, so that the image has been entered. */
    private static final long ENTERED_NANOS = 20_000_000L;

    private ImageCases() {}

    /** A field of the image, and what it must not be. */
    private record Field(String id, int offset, int bytes, BootError refusal, long... wrong) {}

    static Stage stage(SuiteSettings settings) {
        byte[] good = Images.good();
        List<Case> cases = new ArrayList<>();
        for (Field field : fields(good)) {
            cases.add(Case.of("boot.field." + field.id(), "Every wrong value: " + field.id().replace('-', ' '), BY_NAME,
                    bench -> refused(bench, good, field)));
        }
        cases.add(Case.of("boot.any-byte", "One bit flipped anywhere", Rule.guide(3, "No bit of an image is free: any change is refused"),
                bench -> anyByte(bench, good, settings)));
        cases.add(Case.of("boot.size-register", "A wrong boot.image_size", BY_NAME, bench -> sizes(bench, good)));
        cases.add(Case.of("boot.error-until-start", "boot.status.error after a refusal, and after a good start",
                Rule.guide(3, "boot.status.error says why by name, until the next start"), bench -> errorUntilStart(bench, good)));
        cases.add(Case.of("boot.too-early", "Start before ROM_READY",
                Rule.map("boot.command is taken only in ROM_READY, ignored otherwise"), ImageCases::tooEarly));
        cases.add(Case.of("boot.start-twice", "Start again in every state on the way",
                Rule.map("boot.command is taken only in ROM_READY, ignored otherwise"), ImageCases::startTwice));
        for (ImageSource source : List.of(ImageSource.DEVICE_MEMORY, ImageSource.HOST_DMA)) {
            cases.add(Case.of("boot.changed." + source.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                    "The image changes after it was loaded (%s)".formatted(source),
                    Rule.guide(3, "The image is copied once, and verified from the private copy only"), bench -> changed(bench, source)));
        }
        cases.add(Case.of("boot.unmapped-amid", "The image is unmapped while it is loaded", BY_NAME, ImageCases::unmappedAmid));
        cases.add(Case.of("boot.silent", "Firmware that does not report itself",
                Rule.guide(3,
                        "FW_FAILED comes when the firmware has not reported itself; the anti-rollback counter takes no version of one that has not"),
                ImageCases::silent));
        return new Stage("images", "Images with one thing wrong", cases);
    }

    // ---- what is wrong with an image

    private static List<Field> fields(byte[] good) {
        int header = word(good, HEADER_SIZE);
        int count = word(good, SECTIONS);
        List<Field> all = new ArrayList<>(List.of(
                new Field("magic", 0, 8, BootError.BAD_MAGIC, 0, -1, 0x0200_5746_5550_504fL),
                new Field("header-size", HEADER_SIZE, 4, BootError.BAD_HEADER, 0, 1, header - ENTRY, header + ENTRY, -1),
                new Field("image-size-short", 0x00c, 4, BootError.BAD_HEADER, 0, header, good.length - 1),
                new Field("image-size-long", 0x00c, 4, BootError.TRUNCATED, good.length + 1, 1 << 30, -1),
                new Field("sections", SECTIONS, 4, BootError.BAD_HEADER, 0, count - 1, count + 1, 9, -1),
                new Field("message-abi", 0x020, 4, BootError.BAD_HEADER, 0x0102),
                new Field("key-kind", 0x024, 4, BootError.BAD_HEADER, 0, 3, -1),
                new Field("key-of-production", 0x024, 4, BootError.UNKNOWN_KEY, 2)));
        for (int i = 0; i < count; i++) {
            int entry = TABLE + i * ENTRY;
            all.add(new Field(String.format(Locale.ROOT, "section-%d-type", i), entry, 4, BootError.BAD_SECTION, 0, 4, -1));
            all.add(new Field(String.format(Locale.ROOT, "section-%d-flags", i), entry + 4, 4, BootError.BAD_SECTION, 1, 1 << 31));
            all.add(new Field(String.format(Locale.ROOT, "section-%d-offset", i), entry + 8, 8, BootError.BAD_SECTION, 0, header - 64,
                    good.length,
                    Long.MIN_VALUE, -64));
            all.add(new Field(String.format(Locale.ROOT, "section-%d-size", i), entry + 16, 8, BootError.BAD_SECTION, good.length,
                    Long.MAX_VALUE, -1));
            all.add(new Field(String.format(Locale.ROOT, "section-%d-reserved", i), entry + 72, 8, BootError.BAD_SECTION, 1,
                    Long.MIN_VALUE));
        }
        return all;
    }

    private static int word(byte[] image, int offset) {
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }

    private static void refused(Bench bench, byte[] good, Field field) {
        BareDevice device = ready(bench);
        for (long wrong : field.wrong()) {
            byte[] image = good.clone();
            ByteBuffer view = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
            if (field.bytes() == Long.BYTES) {
                view.putLong(field.offset(), wrong);
            } else {
                view.putInt(field.offset(), (int) wrong);
            }
            Check.equal("boot outcome with %s 0x%x".formatted(field.id(), wrong), new BootOutcome.Refused(field.refusal()),
                    device.boot().boot(image, ImageSource.DEVICE_MEMORY));
            Check.equal("boot.status.state", BootState.ROM_READY, device.boot().state());
        }
        bench.note(field.wrong().length + " values");
    }

    private static void anyByte(Bench bench, byte[] good, SuiteSettings settings) {
        BareDevice device = ready(bench);
        Random random = new Random(settings.seed());
        int header = word(good, HEADER_SIZE);
        NavigableSet<Integer> places = new TreeSet<>();
        if (settings.thorough()) {
            for (int i = 0; i < good.length; i += i < header || i >= good.length - SIGNATURE_BYTES ? 1 : THOROUGH_STEP) {
                places.add(i);
            }
        } else {
            random.ints(SAMPLED_BYTES / 2, 0, header).forEach(places::add);
            random.ints(SAMPLED_BYTES / 2, header, good.length).forEach(places::add);
        }
        for (int place : places) {
            byte[] image = good.clone();
            image[place] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            BootOutcome outcome = device.boot().boot(image, ImageSource.DEVICE_MEMORY);
            Check.that(outcome instanceof BootOutcome.Refused, "an image with a bit flipped in byte 0x%x is refused".formatted(place),
                    outcome.toString());
        }
        bench.note(places.size() + " bytes");
    }

    private static void sizes(Bench bench, byte[] good) {
        BareDevice device = ready(bench);
        device.memory().write(0, MemorySegment.ofArray(good));
        device.memory().flush();
        Check.equal("boot outcome with size 0", new BootOutcome.Refused(BootError.TRUNCATED), start(device, 0));
        Check.equal("boot outcome with size 7", new BootOutcome.Refused(BootError.TRUNCATED), start(device, 7));
        Check.equal("boot outcome with a byte less", new BootOutcome.Refused(BootError.TRUNCATED), start(device, good.length - 1));
        Check.equal("boot outcome with a byte more", new BootOutcome.Refused(BootError.BAD_HEADER), start(device, good.length + 1));
        Check.equal("boot outcome with the greatest size and a byte", new BootOutcome.Refused(BootError.TOO_LARGE),
                start(device, FirmwareImage.MAXIMUM_BYTES + 1));
        Check.equal("boot outcome with all ones", new BootOutcome.Refused(BootError.TOO_LARGE), start(device, -1));
    }

    private static void errorUntilStart(Bench bench, byte[] good) {
        BareDevice device = ready(bench);
        Check.equal("boot outcome with size 0", new BootOutcome.Refused(BootError.TRUNCATED), start(device, 0));
        Check.equal("boot.status.error behind it", BootError.TRUNCATED, error(device));
        BootOutcome outcome = device.boot().boot(good, ImageSource.DEVICE_MEMORY);
        Check.that(outcome instanceof BootOutcome.Running, "a good image boots afterwards", outcome.toString());
        Check.equal("boot.status.error of firmware that runs", BootError.NONE, error(device));
    }

    private static @Nullable BootError error(BareDevice device) {
        return BootError.of(BootRegs.Status.error(device.registers().boot().readStatus()));
    }

    private static BootOutcome start(BareDevice device, int bytes) {
        return device.boot().start(0, bytes, ImageSource.DEVICE_MEMORY);
    }

    // ---- starts at the wrong time

    private static void tooEarly(Bench bench) {
        bench.function().resetMildly();
        BootRegs boot = bench.registers().boot();
        if (state(boot) != BootState.ROM_INIT) {
            throw new UnobservableException("the ROM is ready before the function may be accessed after a reset");
        }
        boot.writeImageAddress(0);
        boot.writeImageSize(1);
        boot.writeCommand(command(ImageSource.DEVICE_MEMORY));
        Check.that(bench.bare().boot().awaitReady(), "ROM_READY", state(boot).toString());
        bench.link().runtime().sleep(1_000_000);
        Check.equal("boot.status.state", BootState.ROM_READY, state(boot));
        Check.equal("boot.status.refused after a start before ROM_READY", 0, BootRegs.Status.refused(boot.readStatus()));
    }

    private static void startTwice(Bench bench) {
        BareDevice device = ready(bench);
        BootRegs boot = device.registers().boot();
        int before = BootRegs.Status.refused(boot.readStatus());
        begin(device, ImageSource.DEVICE_MEMORY, 0);
        boot.writeImageAddress(0x123); // where there is no image
        NavigableSet<BootState> met = new TreeSet<>();
        LinkRuntime runtime = bench.link().runtime();
        long deadline = runtime.deadline(BOOT_NANOS);
        BootState now = state(boot);
        while (now != BootState.RUNNING && runtime.nanos() < deadline) {
            met.add(now);
            boot.writeCommand(command(ImageSource.DEVICE_MEMORY));
            now = state(boot);
        }
        Check.equal("boot.status.state, whatever was started on the way", BootState.RUNNING, now);
        Check.equal("boot.status.refused", before, BootRegs.Status.refused(boot.readStatus()));
        bench.note("start written in " + met);
    }

    // ---- interference

    private static void changed(Bench bench, ImageSource source) {
        BareDevice device = ready(bench);
        BootRegs boot = device.registers().boot();
        byte[] garbage = Patterns.bytes(Images.good().length, 13);
        try (DmaMapping host = bench.link().dma().allocate(garbage.length, DmaAccess.DEVICE_READS)) {
            MemorySegment.copy(MemorySegment.ofArray(Images.good()), 0, host.memory(), 0, garbage.length);
            begin(device, source, host.iova());
            while (state(boot) == BootState.LOADING) {
                bench.link().runtime().sleep(1000);
            }
            BootState at = state(boot);
            if (source == ImageSource.HOST_DMA) {
                MemorySegment.copy(MemorySegment.ofArray(garbage), 0, host.memory(), 0, garbage.length);
            } else {
                device.memory().write(0, MemorySegment.ofArray(garbage));
                device.memory().flush();
            }
            Check.that(bench.function().poll(() -> state(boot) == BootState.RUNNING, BOOT_NANOS),
                    "RUNNING, though the image was changed after it was loaded",
                    "%s, error %s".formatted(state(boot), BootError.of(BootRegs.Status.error(boot.readStatus()))));
            bench.note("changed in " + at);
        }
    }

    private static void unmappedAmid(Bench bench) {
        BareDevice device = ready(bench);
        BootRegs boot = device.registers().boot();
        byte[] good = Images.good();
        DmaMapping host = bench.link().dma().allocate(good.length, DmaAccess.DEVICE_READS);
        MemorySegment.copy(MemorySegment.ofArray(good), 0, host.memory(), 0, good.length);
        begin(device, ImageSource.HOST_DMA, host.iova());
        host.close();
        Check.that(bench.function().poll(() -> state(boot) == BootState.RUNNING || state(boot) == BootState.ROM_READY, BOOT_NANOS),
                "RUNNING, or ROM_READY", state(boot).toString());
        if (state(boot) == BootState.RUNNING) {
            bench.note("loaded before it was unmapped");
            return;
        }
        Check.equal("boot.status.error of an image that was unmapped while it was loaded", BootError.DMA_FAULT,
                BootError.of(BootRegs.Status.error(boot.readStatus())));
        if (!(device.boot().boot(good, ImageSource.DEVICE_MEMORY) instanceof BootOutcome.Running)) {
            throw new CheckFailedException("a good image boots afterwards", state(boot).toString());
        }
    }

    /** The image's security version is above the shipped one's: a device that takes it too early would refuse the shipped image from then on. */
    private static void silent(Bench bench) {
        BareDevice device = ready(bench);
        BootRegs boot = device.registers().boot();
        int counter = boot.readSecurityVersion();
        if (Integer.compareUnsigned(counter, Images.SILENT_VERSION) >= 0) {
            throw new SkippedException("the anti-rollback counter stands at the image's version or above");
        }
        int before = BootRegs.Status.refused(boot.readStatus());
        Check.equal("boot outcome", new BootOutcome.Refused(BootError.FW_FAILED),
                device.boot().boot(Images.silent(), ImageSource.DEVICE_MEMORY));
        Check.equal("boot.status.refused", before + 1, BootRegs.Status.refused(boot.readStatus()));
        expectCounter(boot, counter, "after FW_FAILED");
        byte[] silent = Images.silent();
        for (boolean thoroughly : new boolean[]{false, true}) {
            device.memory().write(0, MemorySegment.ofArray(silent));
            start(boot, ImageSource.DEVICE_MEMORY, 0, silent.length);
            Check.that(bench.function().poll(() -> state(boot) == BootState.STARTING, BOOT_NANOS), "STARTING", state(boot).toString());
            bench.link().runtime().sleep(ENTERED_NANOS);
            if (thoroughly) {
                bench.function().resetThoroughly();
            } else {
                bench.function().resetMildly();
            }
            expectCounter(boot, counter, "after a reset while it was starting");
            device = bench.bare();
            Check.that(device.boot().awaitReady(), "ROM_READY", device.boot().state().toString());
        }
        if (!(device.boot().boot(Images.good(), ImageSource.DEVICE_MEMORY) instanceof BootOutcome.Running)) {
            throw new CheckFailedException("a good image boots afterwards",
                    "%s, error %s".formatted(state(boot), BootError.of(BootRegs.Status.error(boot.readStatus()))));
        }
    }

    private static void expectCounter(BootRegs boot, int counter, String when) {
        Check.equal("boot.security_version " + when, counter, boot.readSecurityVersion());
    }

    // ---- helpers

    /** The device in its ROM, waiting for an image. */
    private static BareDevice ready(Bench bench) {
        bench.requireKeys();
        BareDevice device = bench.bare();
        if (device.boot().state() != BootState.ROM_READY) {
            bench.function().resetMildly();
            device = bench.bare();
            Check.that(device.boot().awaitReady(), "ROM_READY", device.boot().state().toString());
        }
        return device;
    }

    private static void begin(BareDevice device, ImageSource source, long iova) {
        byte[] good = Images.good();
        if (source == ImageSource.DEVICE_MEMORY) {
            device.memory().write(0, MemorySegment.ofArray(good));
        }
        start(device.registers().boot(), source, source == ImageSource.DEVICE_MEMORY ? 0 : iova, good.length);
    }

    private static void start(BootRegs boot, ImageSource source, long address, int bytes) {
        boot.writeImageAddress(address);
        boot.writeImageSize(bytes);
        boot.writeCommand(command(source));
    }

    private static int command(ImageSource source) {
        return BootRegs.Command.withStart(BootRegs.Command.withSource(0, source), true);
    }

    private static BootState state(BootRegs boot) {
        BootState state = BootState.of(BootRegs.Status.state(boot.readStatus()));
        if (state == null) {
            throw new CheckFailedException("a known boot state", "0x%x".formatted(boot.readStatus()));
        }
        return state;
    }
}
