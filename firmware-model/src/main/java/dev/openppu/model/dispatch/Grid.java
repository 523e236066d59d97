package dev.openppu.model.dispatch;

import dev.openppu.model.command.Packet;
import dev.openppu.model.command.WorkFault;
import dev.openppu.model.compute.BlockExecution;
import dev.openppu.model.compute.ComputeUnit;
import dev.openppu.model.compute.Dim3;
import dev.openppu.model.compute.KernelLaunch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One kernel in flight: hands out its blocks in order, x first, until there are none or it is stopped.
 *
 * <p>{@link #next}, {@link #hasNext}, {@link #stopped} and {@link #yields} may be called by workers outside the exclusion; everything else is for the dispatcher.
 */
final class Grid {
    private final Packet packet;
    private final KernelLaunch launch;
    private final Dim3 extent;
    private int x;
    private int y;
    private int z;
    private volatile boolean stopped;
    private volatile boolean yields;
    private int unitsBusy;
    private int aside;
    private @Nullable Boolean savable;
    private @Nullable WorkFault fault;
    private @Nullable Unit favourite;

    Grid(Packet packet, KernelLaunch launch) {
        this.packet = packet;
        this.launch = launch;
        this.extent = launch.request().grid();
    }

    Packet packet() {
        return packet;
    }

    /** The next block, begun on a unit; null if there is none. */
    @Nullable
    BlockExecution next(ComputeUnit unit) {
        Dim3 position = nextPosition();
        return position == null ? null : launch.block(position, unit);
    }

    private synchronized @Nullable Dim3 nextPosition() {
        if (!hasNext()) {
            return null;
        }
        Dim3 position = new Dim3(x, y, z);
        x++;
        if (x == extent.x()) {
            x = 0;
            y++;
        }
        if (y == extent.y()) {
            y = 0;
            z++;
        }
        return position;
    }

    /** There are blocks left to begin. */
    synchronized boolean hasNext() {
        return !stopped && z < extent.z();
    }

    /** No block of it is wanted any more. */
    boolean stopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
    }

    /** A block has failed: the first failure counts. */
    void fail(WorkFault why) {
        if (fault == null) {
            fault = why;
        }
        stop();
    }

    @Nullable
    WorkFault fault() {
        return fault;
    }

    int priority() {
        return packet.priority();
    }

    /** Its slices are to end early, because a kernel of a higher priority waits for units. */
    void makeWay(boolean now) {
        yields = now;
    }

    boolean yields() {
        return yields;
    }

    /** So many blocks more are put aside. */
    void putAside(int more) {
        aside += more;
        packet.putAside(aside > 0);
    }

    /** Whether its blocks can be put aside; {@code question} is asked once. */
    boolean savable(BooleanSupplier question) {
        Boolean known = savable;
        if (known == null) {
            known = question.getAsBoolean();
            savable = known;
        }
        return known;
    }

    void unitBegan() {
        unitsBusy++;
    }

    void unitEnded() {
        unitsBusy--;
    }

    /** Whether this is the unit that is favoured; the first to ask is, until its block ends. */
    boolean favours(Unit unit) {
        if (favourite == null) {
            favourite = unit;
        }
        return favourite == unit;
    }

    /** The unit's block has ended. */
    void unfavour(Unit unit) {
        if (favourite == unit) {
            favourite = null;
        }
    }

    /** Nothing of it is running or put aside, and nothing is left to begin. */
    boolean over() {
        return unitsBusy == 0 && aside == 0 && !hasNext();
    }

    long textAddress() {
        return launch.kernel().textAddress();
    }
}
