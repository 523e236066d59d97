package dev.openppu.driver;

/** One operation of {@link Stream#batchMemoryOperations}. */
public sealed interface StreamMemoryOperation {
    DeviceMemory memory();

    long offset();

    /** Holds the stream until the 32-bit value compares. */
    record WaitValue32(DeviceMemory memory, long offset, Compare compare, int value) implements StreamMemoryOperation {}

    /** Holds the stream until the 64-bit value compares. */
    record WaitValue64(DeviceMemory memory, long offset, Compare compare, long value) implements StreamMemoryOperation {}

    /** Stores a 32-bit value. */
    record WriteValue32(DeviceMemory memory, long offset, int value) implements StreamMemoryOperation {}

    /** Stores a 64-bit value. */
    record WriteValue64(DeviceMemory memory, long offset, long value) implements StreamMemoryOperation {}
}
