package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamMemoryOperation;
import dev.openppu.driver.StreamMemoryOperation.WaitValue32;
import dev.openppu.driver.StreamMemoryOperation.WaitValue64;
import dev.openppu.driver.StreamMemoryOperation.WriteValue32;
import dev.openppu.driver.StreamMemoryOperation.WriteValue64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Calls of several parts, one of which is wrong: a batch of operations on memory, rows of a rectangle, elements that are not aligned. None of the parts may be submitted: the right ones would write into a buffer whose content is
 * known.
 */
final class SpoiltSteps {
    private static final int MOST_PARTS = 6;
    private static final int BYTES = 64;
    private static final int PLACES = 16;

    private final Workbench bench;
    private final Step step;
    private final Stream stream;
    private final DeviceMemory memory;
    private final Claim claim;

    SpoiltSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.stream = bench.stream(step);
        this.memory = bench.buffer(step).buffer();
        this.claim = new Claim(bench, step);
    }

    void perform() {
        switch (step.below(30, 5)) {
            case 0, 1 -> batch();
            case 2 -> batchOfWrongSize();
            case 3 -> rows();
            default -> elements();
        }
    }

    private void batch() {
        List<StreamMemoryOperation> parts = new ArrayList<>();
        int count = 1 + step.below(31, MOST_PARTS);
        for (int i = 0; i < count; i++) {
            parts.add(right(40 + 2 * i));
        }
        StreamMemoryOperation wrong;
        HgResult result = HgResult.INVALID_VALUE;
        boolean wide = step.below(32, 2) == 0;
        int bytes = wide ? Long.BYTES : Integer.BYTES;
        int kind = step.below(33, 3);
        if (kind == 0) {
            DeviceBuffer closed = bench.context().allocate(BYTES);
            closed.close();
            wrong = operation(closed, 0, wide);
            result = HgResult.INVALID_HANDLE;
        } else if (kind == 1) {
            wrong = operation(memory, (memory.size() & -bytes) + (step.below(34, 2) == 0 ? 0 : -bytes / 2 + bytes * step.below(35, PLACES)),
                    wide);
        } else {
            wrong = operation(memory, memory.size() < bytes ? 1 : 1L + step.below(34, bytes - 1) + (long) bytes * step.below(35, PLACES),
                    wide);
        }
        parts.add(step.below(36, parts.size() + 1), wrong);
        claim.refused(result, "a batch of %d, with %s in it,".formatted(parts.size(), wrong), () -> stream.batchMemoryOperations(parts));
    }

    /** Does no harm where it is, but shows. */
    private StreamMemoryOperation right(int dice) {
        boolean wide = memory.size() >= Long.BYTES && step.below(dice, 2) == 0;
        int bytes = wide ? Long.BYTES : Integer.BYTES;
        return operation(memory, bytes * (long) step.below(dice + 1, (int) (memory.size() / bytes)), wide);
    }

    private StreamMemoryOperation operation(DeviceMemory at, long offset, boolean wide) {
        boolean wait = step.below((int) (37 + offset % 3), 4) == 0;
        if (wait) {
            return wide
                    ? new WaitValue64(at, offset, Compare.GREATER_OR_EQUAL, 0)
                    : new WaitValue32(at, offset, Compare.GREATER_OR_EQUAL, 0);
        }
        return wide ? new WriteValue64(at, offset, ~step.dice()) : new WriteValue32(at, offset, ~step.number());
    }

    private void batchOfWrongSize() {
        int size = step.below(31, 2) == 0 ? 0 : Stream.MAX_BATCH + 1;
        List<StreamMemoryOperation> parts = Collections.nCopies(size, right(40));
        claim.refused(HgResult.INVALID_VALUE, "a batch of %d operations".formatted(size), () -> stream.batchMemoryOperations(parts));
    }

    /** Rows of which the first is right, and a later one is not aligned, or none is; or one is, and the pitch is not. */
    private void rows() {
        int bytes = step.below(31, 2) == 0 ? Short.BYTES : Integer.BYTES;
        boolean pitchWrong = step.below(32, 3) != 0;
        long pitch = (long) bytes * (1 + step.below(33, PLACES)) + (pitchWrong ? 1 + step.below(34, bytes - 1) : 0);
        long offset = pitchWrong ? 0 : 1 + step.below(34, bytes - 1);
        long height = Math.min(4, (memory.size() - offset - bytes) / pitch + 1);
        if (memory.size() < offset + bytes || height < 2) {
            return;
        }
        Pitched wrong = new Pitched(memory, offset, pitch);
        claim.refused(HgResult.INVALID_VALUE, "a fill of %d rows of one element of %d bytes at %s".formatted(height, bytes, wrong), () -> {
            if (bytes == Short.BYTES) {
                stream.fill2D16(wrong, (short) ~step.number(), 1, height);
            } else {
                stream.fill2D32(wrong, ~step.number(), 1, height);
            }
        });
    }

    /** A range that is inside, of elements that are not where one may be. */
    private void elements() {
        List<RangedCall> calls = RangedCall.ALL.stream().filter(RangedCall::aligned).toList();
        RangedCall call = calls.get(step.below(31, calls.size()));
        long room = memory.size() - call.bytes();
        if (room < call.bytes()) {
            return;
        }
        long offset = step.below(32, (int) Math.min(room, BYTES));
        offset = offset % call.bytes() == 0 ? offset + 1 + step.below(33, call.bytes() - 1) : offset;
        RangedCall.Range at = new RangedCall.Range(memory, offset, 1, memory);
        claim.refused(HgResult.INVALID_VALUE,
                "%s of one element of %d bytes at offset %d of %s".formatted(call, call.bytes(), offset, memory),
                () -> call.make(stream, at));
    }
}
