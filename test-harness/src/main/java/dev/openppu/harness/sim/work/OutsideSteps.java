package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Ranges that are not inside of their memory: they begin or end in front of it or behind it, or have offsets, lengths or pitches so large, or negative, that a sum or a product of them turns over. Each call that takes one
 * refuses it as INVALID_VALUE, and submits nothing: what is in the buffer stays.
 */
final class OutsideSteps {
    private static final int CALLS = 4;
    private static final int NEAR = 64;
    private static final int ALL_BITS = Long.SIZE;

    private final Workbench bench;
    private final Step step;
    private final Stream stream;
    private final Claim claim;

    OutsideSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.stream = bench.stream(step);
        this.claim = new Claim(bench, step);
    }

    void perform() {
        if (step.below(29, 3) == 0) {
            new SpoiltSteps(bench, step).perform();
        }
        for (int i = 0; i < CALLS; i++) {
            int dice = 30 + 10 * i;
            DeviceMemory whole = step.below(dice, 4) == 0 ? bench.neighbour(step).contents().buffer() : bench.buffer(step).buffer();
            DeviceMemory memory = step.below(dice + 1, 4) == 0 ? whole.slice(whole.size() / 2, whole.size() - whole.size() / 2) : whole;
            if (step.below(dice + 2, 4) == 0) {
                rectangle(memory, dice + 3);
            } else {
                range(memory, whole.context() == bench.context(), dice + 3);
            }
        }
    }

    private void range(DeviceMemory memory, boolean own, int dice) {
        List<RangedCall> calls = own ? RangedCall.ALL : RangedCall.OF_OTHERS;
        RangedCall call = calls.get(step.below(dice, calls.size()));
        boolean lengthWrong = call.anyLength() && step.below(dice + 1, 2) == 0;
        long most = memory.size() / call.bytes();
        long elements = lengthWrong
                ? tooMany(most, call.bytes(), dice + 2)
                : call.anyLength() ? 1 + step.below(dice + 3, Math.clamp(most, 1, NEAR)) : 1;
        long offset = lengthWrong
                ? (long) call.bytes() * step.below(dice + 4, (int) Math.max(1, most))
                : beyond(memory.size() - elements * call.bytes(), call.bytes(), dice + 2);
        claim.refused(HgResult.INVALID_VALUE, "%s of %d elements of %d bytes at offset %d of %s with %d bytes".formatted(call, elements,
                call.bytes(), offset, memory, memory.size()),
                () -> call.make(stream, new RangedCall.Range(memory, offset, elements, memory)));
    }

    /** An offset behind the last one that there may be, or a negative one; a multiple of the elements' size. */
    private long beyond(long last, int bytes, int dice) {
        long near = (long) bytes * step.below(dice + 5, NEAR);
        return switch (step.below(dice + 6, 6)) {
            case 0 -> Math.floorDiv(last, bytes) * bytes + bytes + near;
            case 1 -> -bytes - near;
            case 2 -> (Long.MAX_VALUE & -bytes) - near;
            case 3 -> Long.MIN_VALUE + near;
            case 4 -> Math.max(last + bytes & -bytes, 1L << 31 + step.below(dice + 7, 32));
            default -> -(1L << 3 + step.below(dice + 7, ALL_BITS - 3));
        };
    }

    /** More elements than there is room for, or fewer than none. */
    private long tooMany(long most, int bytes, int dice) {
        long near = step.below(dice + 5, NEAR);
        return switch (step.below(dice + 6, 6)) {
            case 0 -> most + 1 + near;
            case 1 -> -1 - near;
            case 2 -> Long.MAX_VALUE - near;
            case 3 -> Long.MIN_VALUE + near;
            case 4 -> Long.MAX_VALUE / bytes - near;
            default -> 1 + near + (bytes == 1 ? Long.MAX_VALUE - NEAR : 1L << ALL_BITS - Integer.numberOfTrailingZeros(bytes)); // times their size: few bytes
        };
    }

    /** Rows of one byte or more, one number of which is wrong. */
    private void rectangle(DeviceMemory memory, int dice) {
        long size = memory.size();
        long width = 1L + step.below(dice, (int) Math.min(size, NEAR));
        long pitch = width;
        long height = 1L + step.below(dice + 1, (int) Math.min(size / pitch, NEAR));
        long offset = 0;
        switch (step.below(dice + 2, 5)) {
            case 0 -> offset = beyond(size - height * pitch, 1, dice + 2);
            case 1 -> pitch = height == 1 || step.below(dice + 3, 2) == 0 ? -1 - step.below(dice + 4, NEAR) : beyond(size, 1, dice + 2);
            case 2 -> width = tooMany(size, 1, dice + 2);
            case 3 -> {
                width = tooMany(size, 1, dice + 2);
                pitch = Math.max(width, pitch);
            }
            default -> height = tooMany(size / pitch, 1, dice + 2);
        }
        Pitched wrong = new Pitched(memory, offset, pitch);
        long rowBytes = width;
        long rows = height;
        MemorySegment host = MemorySegment.ofArray(new byte[NEAR]);
        int kind = step.below(dice + 5, memory.context() == bench.context() ? 5 : 3);
        claim.refused(HgResult.INVALID_VALUE,
                "2D call %d of %d rows of %d bytes, %d apart, at offset %d of %s with %d bytes".formatted(kind, rows, rowBytes, pitch,
                        offset,
                        memory, size),
                () -> {
                    switch (kind) {
                        case 0 -> stream.copy2DToDevice(wrong, host, rowBytes, rowBytes, rows);
                        case 1 -> stream.copy2DToHost(host, rowBytes, wrong, rowBytes, rows);
                        case 2 -> stream.copy2D(wrong, wrong, rowBytes, rows);
                        case 3 -> stream.fill2D8(wrong, (byte) 1, rowBytes, rows);
                        default -> stream.fill2D16(wrong, (short) 1, rowBytes, rows);
                    }
                });
    }
}
