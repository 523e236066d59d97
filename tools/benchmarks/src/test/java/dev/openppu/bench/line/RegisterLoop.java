package dev.openppu.bench.line;

import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.mmio.MappedMmio;
import java.lang.foreign.Arena;

/** A program that reads and writes a register until the JIT has compiled both; {@link AccessorCodeTest} looks at what it made of them. */
final class RegisterLoop {
    private static final int TURNS = 300_000;

    private final PpuBar0Regs device;

    private RegisterLoop(PpuBar0Regs device) {
        this.device = device;
    }

    private int read() {
        return device.memory().readEccControl();
    }

    private void write(int value) {
        device.memory().writeEccControl(value);
    }

    public static void main(String[] arguments) {
        RegisterLoop loop = new RegisterLoop(new PpuBar0Regs(MappedMmio.permanent(Arena.global().allocate(PpuBar0Regs.SIZE, 4096))));
        int sum = 0;
        for (int i = 0; i < TURNS; i++) {
            loop.write(i);
            sum += loop.read();
        }
        System.out.println("sum " + sum);
    }
}
