package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.fake.FakeDevice;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeviceMemoryPortTest {
    private static final long WINDOW = PpuBar0Regs.MEMORY_OFFSET + MemoryRegs.WINDOW_OFFSET;
    private static final long SMALL_BAR = 256 * 1024;

    private final FakeDevice fake = new FakeDevice();
    private final DeviceAccess device = new DeviceAccess(fake);

    /** Shows device memory from the window register on, as BAR2 does. */
    private final MmioTrap throughWindow = new MmioTrap() {
        @Override
        public long read(long offset, int bytes) {
            long value = 0;
            for (int i = bytes - 1; i >= 0; i--) {
                value = value << 8
                        | fake.memory().get(ValueLayout.JAVA_BYTE, fake.registers().get(WINDOW) + offset + i) & 0xff;
            }
            return value;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            for (int i = 0; i < bytes; i++) {
                fake.memory().set(ValueLayout.JAVA_BYTE, fake.registers().get(WINDOW) + offset + i,
                        (byte) (value >>> 8 * i));
            }
        }
    };

    @Test
    void reachesAllOfTheMemoryThroughASmallWindow() {
        DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), new TrappedMmio(throughWindow, SMALL_BAR), device.registers().memory(),
                FakeDevice.MEMORY_BYTES);
        byte[] data = new byte[700_001];
        new Random(5).nextBytes(data);
        long address = FakeDevice.MEMORY_BYTES - data.length;
        port.write(address, MemorySegment.ofArray(data));
        byte[] back = new byte[data.length];
        port.read(address, MemorySegment.ofArray(back));
        assertThat(back).isEqualTo(data);
        assertThat(fake.memory().asSlice(address).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(data);
        assertThat(fake.registers().get(WINDOW) & 0xffff).isZero();
    }

    /** A posted write may be lost; the next one, to the window's register, is not taken on trust. */
    @Test
    void aWindowWhoseMoveWasLostIsMovedAgain() {
        DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), new TrappedMmio(throughWindow, SMALL_BAR), device.registers().memory(),
                FakeDevice.MEMORY_BYTES);
        port.write64(0, 1);
        long[] moves = {0};
        fake.registers().onWrite(WINDOW, value -> {
            if (moves[0]++ == 0) {
                fake.registers().set(WINDOW, 0); // as if it had not come
                fake.registers().set(WINDOW + Integer.BYTES, 0);
            }
        });
        port.write64(2 * SMALL_BAR, 7);
        assertThat(moves[0]).isEqualTo(2);
        assertThat(fake.memory().get(ValueLayout.JAVA_LONG, 2 * SMALL_BAR)).isEqualTo(7);
        assertThat(fake.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(1);
    }

    /** The first word of the memory may be bad: a flush that read it would report it again and again, whoever works just then. */
    @Test
    void aFlushReadsWhatWasWrittenLastAndNothingElse() {
        List<Long> read = new ArrayList<>();
        MmioTrap counted = new MmioTrap() {
            @Override
            public long read(long offset, int bytes) {
                read.add(offset);
                return throughWindow.read(offset, bytes);
            }

            @Override
            public void write(long offset, int bytes, long value) {
                throughWindow.write(offset, bytes, value);
            }
        };
        DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), new TrappedMmio(counted, SMALL_BAR), device.registers().memory(),
                FakeDevice.MEMORY_BYTES);
        port.write64(0x1008, 42);
        port.flush();
        assertThat(read).containsExactly(0x1008L);
        port.write(SMALL_BAR + 0x2003, MemorySegment.ofArray(new byte[100])); // moves the window
        port.flush();
        assertThat(read).containsExactly(0x1008L, 0x2000L);
    }

    /** Where the window is then nobody knows: the next access moves it, and does not meet what was shown before. */
    @Test
    void aWindowThatCouldNotBeMovedIsNotTakenForMoved() {
        DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), new TrappedMmio(throughWindow, SMALL_BAR), device.registers().memory(),
                FakeDevice.MEMORY_BYTES);
        port.write64(0, 1);
        fake.registers().onWrite(WINDOW, value -> {
            fake.registers().set(WINDOW, 0);
            throw new LinkException("planted");
        });
        assertThatThrownBy(() -> port.write64(SMALL_BAR, 2)).isInstanceOf(LinkException.class);
        fake.registers().onWrite(WINDOW, value -> {});
        port.write64(SMALL_BAR, 3);
        assertThat(fake.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(1);
        assertThat(fake.memory().get(ValueLayout.JAVA_LONG, SMALL_BAR)).isEqualTo(3);
    }

    @Test
    void neverMovesTheWindowWhereTheBarCoversTheMemory() {
        DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), fake.bar(2), device.registers().memory(), FakeDevice.MEMORY_BYTES);
        port.write64(FakeDevice.MEMORY_BYTES - 8, 42);
        assertThat(fake.registers().written()).isEmpty();
    }

    @Test
    void refusesAddressesOutsideTheMemory() {
        DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), fake.bar(2), device.registers().memory(), FakeDevice.MEMORY_BYTES);
        assertThatThrownBy(() -> port.write64(FakeDevice.MEMORY_BYTES - 7, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> port.write64(-8, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
