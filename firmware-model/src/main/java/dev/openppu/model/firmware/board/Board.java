package dev.openppu.model.firmware.board;

import dev.openppu.abi.reg.BootError;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.firmware.flash.FlashPort;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the firmware processor is wired to. Called by the firmware on its own (only) thread of control. */
public interface Board {

    /** The device's registers by the hardware's port: stores set what hardware may set. */
    Mmio registers();

    /** Device time in nanoseconds. */
    long nanos();

    /** Sets the one timer: {@link InterruptLine#ALARM} comes after {@code nanos}; an earlier setting is forgotten. */
    void alarm(long nanos);

    /** Reads host memory by DMA; false if it was refused. */
    boolean readHost(long iova, MemorySegment destination);

    /** Posts a write to host memory; false if it was refused. */
    boolean writeHost(long iova, MemorySegment source);

    /** Writes the reserved part of device memory; false if any of it is not reserved. */
    boolean writeReserved(long address, MemorySegment source);

    /** The flash; {@link InterruptLine#FLASH} comes when its operations have ended. */
    FlashPort flash();

    /** The slot that this firmware came from; empty if it did not come from flash. */
    OptionalInt bootedSlot();

    /** What the boot ROM would say of an image. */
    BootError judge(byte[] firmwareImage);

    /** Takes the oldest report from the fault FIFO; null if there is none. */
    @Nullable
    FaultReport nextFault();

    /** Stops every queue of a context and abandons its work in flight; {@link InterruptLine#STOPPED} comes when that is done. */
    void stopContext(int context);

    /** Stops every queue; {@link InterruptLine#STOPPED} comes when that is done. */
    void stopAll();

    /** Queues that the last stop found enabled. */
    int stoppedQueues();

    /** Tells the boot ROM how the firmware is doing. */
    void report(FirmwareState state);

    /** Version of this firmware, {@code major<<16 | minor<<8 | patch}, from the image's header. */
    int version();

    /** Message ABIs of this firmware as the image's header holds them. */
    int messageAbi();

    /** Parameters of the image's text section. */
    Map<String, String> parameters();
}
