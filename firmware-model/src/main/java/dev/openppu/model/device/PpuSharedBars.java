package dev.openppu.model.device;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.model.command.CommandProcessor;
import dev.openppu.model.memory.MemoryAperture;
import dev.openppu.model.memory.MemoryWindow;
import dev.openppu.model.pcie.SharedBars;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a PPU, BAR2 and the doorbells. Registers, the MSI-X table and its pending bits act when they are accessed, so they are not here. */
final class PpuSharedBars implements SharedBars {
    private static final long PAGE = 4096;

    /** In BAR0. */
    private static final long WINDOW = PpuBar0Regs.MEMORY_OFFSET + MemoryRegs.WINDOW_OFFSET;

    private final MemoryAperture aperture;
    private final MemoryWindow window;
    private final CommandProcessor commands;
    private final int queues;
    private @Nullable SharedMemory doorbells;

    PpuSharedBars(MemoryAperture aperture, MemoryWindow window, CommandProcessor commands, int queues) {
        this.aperture = aperture;
        this.window = window;
        this.commands = commands;
        this.queues = queues;
        renew();
    }

    @Override
    public List<Part> parts() {
        SharedMemory pages = doorbells;
        Part memory = new Part(PpuIds.BAR_MEMORY_WINDOW, aperture.file(), aperture.bytes());
        return pages == null ? List.of(memory) : List.of(memory, new Part(PpuIds.BAR_DOORBELLS, pages, queues * PAGE));
    }

    @Override
    public void renew() {
        aperture.renew();
        closeDoorbells();
        if (queues > 0) {
            doorbells = SharedMemory.create("openppu-doorbells", queues * PAGE);
        }
    }

    private void closeDoorbells() {
        if (doorbells != null) {
            doorbells.close();
            doorbells = null;
        }
    }

    @Override
    public boolean moves(int bar, long offset, long bytes) {
        return bar == PpuIds.BAR_REGISTERS && offset < WINDOW + Long.BYTES && offset + bytes > WINDOW;
    }

    @Override
    public boolean behind() {
        return aperture.first() != window.shown();
    }

    @Override
    public void follow() {
        if (behind()) {
            aperture.show(window.shown());
        }
    }

    @Override
    public Doorbells doorbells() {
        return new Doorbells() {
            @Override
            public int bar() {
                return PpuIds.BAR_DOORBELLS;
            }

            @Override
            public int count() {
                return queues;
            }

            @Override
            public boolean heard() {
                return commands.listens();
            }

            @Override
            public void remind(int index) {
                commands.remind(index);
            }
        };
    }

    @Override
    public void close() {
        aperture.close();
        closeDoorbells();
    }
}
