package dev.openppu.model.firmware;

import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.reg.FwRegs;

/** Counts while the firmware lives. */
final class Heartbeat implements Task {
    private static final String PERIOD_PARAMETER = "heartbeat.micros";
    private static final int DEFAULT_MICROS = 50_000;
    private static final int SHORTEST_MICROS = 100;
    private static final int LONGEST_MICROS = 1_000_000;
    private static final long NANOS_PER_MICRO = 1000;

    private final Board board;
    private final Kernel kernel;
    private final FwRegs registers;
    private final int micros;
    private final long born;
    private int beats;

    Heartbeat(Board board, Kernel kernel, FwRegs registers) {
        this.board = board;
        this.kernel = kernel;
        this.registers = registers;
        this.micros = period(board.parameters().get(PERIOD_PARAMETER));
        this.born = board.nanos();
    }

    @Override
    public void run() {
        if (beats == 0) {
            registers.writeHeartbeatPeriod(micros);
        }
        beats++;
        registers.writeHeartbeat(beats);
        kernel.at(born + (long) beats * micros * NANOS_PER_MICRO, this);
    }

    int beats() {
        return beats;
    }

    long uptime() {
        return board.nanos() - born;
    }

    private static int period(@org.jspecify.annotations.Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,7}")) {
            return DEFAULT_MICROS;
        }
        return Math.clamp(Integer.parseInt(text), SHORTEST_MICROS, LONGEST_MICROS);
    }
}
