package dev.openppu.bench.jmh;

import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.mmio.MappedMmio;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Ways to a register on a mapped BAR: the generated accessor, what is below it, and a handle on a static segment, which costs what C costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RegisterBenchmark {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final MemorySegment STATIC = Arena.global().allocate(PpuBar0Regs.SIZE, 4096);

    private final MemorySegment field = Arena.global().allocate(PpuBar0Regs.SIZE, 4096);
    private final MappedMmio mmio = new MappedMmio(field);
    private final PpuBar0Regs device = new PpuBar0Regs(MappedMmio.permanent(field));
    private final PpuBar0Regs removable = new PpuBar0Regs(mmio);
    private final long offset = device.memory().base() + MemoryRegs.ECC_CONTROL_OFFSET;

    @Benchmark
    public int readByGeneratedAccessor() {
        return device.memory().readEccControl();
    }

    /** As {@link #readByGeneratedAccessor}, of memory that may be unmapped. */
    @Benchmark
    public int readByGeneratedAccessorOfRemovableMemory() {
        return removable.memory().readEccControl();
    }

    @Benchmark
    public int readByMappedMmio() {
        return mmio.read32(offset);
    }

    @Benchmark
    public int readBySegmentInAField() {
        return (int) INT.getAcquire(field, offset);
    }

    @Benchmark
    public int readByStaticSegment() {
        return (int) INT.getAcquire(STATIC, 0x40L);
    }

    @Benchmark
    public void writeByGeneratedAccessor() {
        device.memory().writeEccControl(1);
    }

    @Benchmark
    public void writeByStaticSegment() {
        INT.setRelease(STATIC, 0x40L, 1);
    }
}
