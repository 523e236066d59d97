package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareKey;
import dev.openppu.abi.firmware.FirmwareProgram;
import dev.openppu.abi.firmware.FirmwareVersion;
import dev.openppu.abi.firmware.ImageBuilder;
import dev.openppu.abi.firmware.ImageHeader;
import dev.openppu.abi.firmware.KeyKind;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.abi.firmware.SectionType;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.SimulatedWorld;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A device on the bench: no PCIe function around it, its software port driven by hand, host memory faked. */
final class Bench implements AutoCloseable {
    static final DeviceProfile ZW810E = new DeviceProfile("zw810e", 1, "PPU-ZW810E", "Zhenwu 810E", 0x6001, 96L << 30, 16, 64, 2, 7, 64,
            256, 65, 400, 1700,
            1800, new DeviceProfile.Equipment(2L << 20, true, true, 57));
    static final KeyPair KEYS = keys();
    static final FirmwareKey KEY = publicKey(KeyKind.DEVELOPMENT, KEYS);
    static final long SECOND = 1_000_000_000L;

    final World world;
    final FakeHost host = new FakeHost();
    final FaultInjector faults;
    final Ppu ppu;
    final Mmio bar0;
    final Mmio bar2;
    final Mmio bar4;
    final PpuBar0Regs regs;
    final PpuBar4Regs doorbells;

    Bench(World world) {
        this(world, ZW810E);
    }

    Bench(World world, DeviceProfile profile) {
        this.world = world;
        faults = new FaultInjector(world);
        ppu = new Ppu(world, host, new DeviceSetup(profile, 0x1234_5678_9abcL, List.of(KEY), 1), faults.plan());
        world.exclusively(() -> ppu.reset(ResetKind.COLD));
        bar0 = software(0, 1 << 20);
        bar2 = software(2, 256 << 20);
        bar4 = software(4, 1 << 20);
        regs = new PpuBar0Regs(bar0);
        doorbells = new PpuBar4Regs(bar4);
    }

    static Bench simulated(long seed) {
        return new Bench(new SimulatedWorld(seed));
    }

    static Bench freeRunning(long seed) {
        return new Bench(new FreeRunningWorld(seed));
    }

    /** A booted device. */
    Bench booted() {
        awaitState(BootState.ROM_READY);
        boot(image(1, Map.of()));
        awaitState(BootState.RUNNING);
        return this;
    }

    void boot(byte[] image) {
        bar2.writeBytes(0x10_0000, MemorySegment.ofArray(image));
        start(ImageSource.DEVICE_MEMORY, 0x10_0000, image.length);
    }

    void start(ImageSource source, long address, int size) {
        regs.boot().writeImageAddress(address);
        regs.boot().writeImageSize(size);
        regs.boot().writeCommand(BootRegs.Command.withStart(BootRegs.Command.withSource(0, source.value()), true));
    }

    static byte[] image(int securityVersion, Map<String, String> parameters) {
        return image(FirmwareProgram.OPENPPU, FirmwareImage.TARGET_PPU001, securityVersion, parameters, KEY, KEYS);
    }

    static byte[] image(String program, int target, int securityVersion, Map<String, String> parameters, FirmwareKey named,
            KeyPair signer) {
        return new ImageBuilder(new ImageHeader(target, securityVersion, new FirmwareVersion(1, 2, 3), MessageAbi.CURRENT, "test build"))
                .section(SectionType.TEXT, new FirmwareProgram(program, parameters).encode()).section(SectionType.DATA, new byte[1000])
                .sign(named, signer.getPrivate());
    }

    BootState state() {
        return BootState.of(BootRegs.Status.state(regs.boot().readStatus()));
    }

    void awaitState(BootState wanted) {
        await("boot.status.state " + wanted, () -> state() == wanted);
    }

    void await(String what, BooleanSupplier condition) {
        long deadline = world.runtime().nanos() + 5 * SECOND;
        while (!condition.getAsBoolean()) {
            assertThat(world.runtime().nanos()).as("waiting for " + what).isLessThan(deadline);
            world.runtime().sleep(20_000);
        }
    }

    void sleep(long nanos) {
        world.runtime().sleep(nanos);
    }

    void reset(ResetKind kind) {
        world.exclusively(() -> ppu.reset(kind));
    }

    private Mmio software(int bar, long size) {
        MmioTrap trap = ppu.bar(bar);
        return new TrappedMmio(new MmioTrap() {
            @Override
            public long read(long offset, int bytes) {
                return world.exclusively(() -> trap.read(offset, bytes));
            }

            @Override
            public void write(long offset, int bytes, long value) {
                world.exclusively(() -> trap.write(offset, bytes, value));
            }

            @Override
            public void readBytes(long offset, MemorySegment destination) {
                world.exclusively(() -> trap.readBytes(offset, destination));
            }

            @Override
            public void writeBytes(long offset, MemorySegment source) {
                world.exclusively(() -> trap.writeBytes(offset, source));
            }
        }, size);
    }

    static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static FirmwareKey publicKey(KeyKind kind, KeyPair pair) {
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        return FirmwareKey.parse(kind, pem);
    }

    @Override
    public void close() {
        world.close();
        ppu.close();
    }
}
