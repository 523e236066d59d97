package dev.openppu.driver;

/** A part of a {@link DeviceBuffer} or {@link PinnedBuffer}; owns nothing. */
public final class DeviceSlice implements DeviceMemory {
    private final DeviceMemory whole;
    private final long offset;
    private final long size;

    /** The same part of {@code whole} as another context reaches it. */
    DeviceMemory in(Context other) {
        return new DeviceSlice(other.resolve(whole), offset, size);
    }

    DeviceSlice(DeviceMemory whole, long offset, long size) {
        this.whole = whole;
        this.offset = offset;
        this.size = size;
    }

    DeviceMemory whole() {
        return whole;
    }

    @Override
    public Context context() {
        return whole.context();
    }

    @Override
    public MemoryKind kind() {
        return whole.kind();
    }

    @Override
    public long address() {
        return whole.address() + offset;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void requireOpen() {
        whole.requireOpen();
    }
}
