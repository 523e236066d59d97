package dev.openppu.abi;

/**
 * How a PPU shows itself in PCI config space.
 *
 * <p>Vendor, device, class and revision are published (facts §1); the subsystem and the vendor-specific capability are ours ({@code docs/device.md}, section 1).
 * The vendor-specific capability, 16 bytes, little-endian:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+---------------+---------------+
 *  |    id (09)    |     next      |  length (10)  |   type (01)   |
 *  +---------------+---------------+---------------+---------------+
 *  |                   magic 0x5550504F ("OPPU")                   |
 *  +-------------------------------+-------------------------------+
 *  |           ABI minor           |           ABI major           |
 *  +-------------------------------+-------------------------------+
 *  |                        profile number                         |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A driver touches no BAR before the magic and the ABI major version match: a 1ded:6001 without them is somebody's real card.
 */
public final class PpuIds {
    /** Alibaba (China) Co., Ltd. */
    public static final int VENDOR = 0x1ded;
    public static final int DEVICE = 0x6001;
    public static final int REVISION = 0x01;
    /** Base class, sub-class and programming interface: a 3D controller. */
    public static final int CLASS_CODE = 0x030200;
    public static final int SUBSYSTEM_VENDOR = 0x1ded;
    /** "OP". */
    public static final int SUBSYSTEM_DEVICE = 0x4f50;

    /** Bytes of the vendor-specific capability. */
    public static final int CAPABILITY_LENGTH = 0x10;
    public static final int CAPABILITY_TYPE = 1;
    public static final int CAPABILITY_LENGTH_OFFSET = 0x02;
    public static final int CAPABILITY_TYPE_OFFSET = 0x03;
    public static final int CAPABILITY_MAGIC_OFFSET = 0x04;
    public static final int CAPABILITY_ABI_OFFSET = 0x08;
    public static final int CAPABILITY_PROFILE_OFFSET = 0x0c;

    /** "OPPU", little-endian; {@code id.magic} carries the same. */
    public static final int MAGIC = 0x5550504f;
    /** Incompatible changes of the host interface; {@code id.abi_version} carries the same. */
    public static final int ABI_MAJOR = 1;
    /** Compatible additions. */
    public static final int ABI_MINOR = 1;
    /** The ABI version as the capability and {@code id.abi_version} hold it. */
    public static final int ABI_VERSION = ABI_MAJOR << 16 | ABI_MINOR;

    /** Zhenwu 810E. */
    public static final int PROFILE_ZW810E = 1;

    /** BAR indices. */
    public static final int BAR_REGISTERS = 0;
    public static final int BAR_MEMORY_WINDOW = 2;
    public static final int BAR_DOORBELLS = 4;

    private PpuIds() {}
}
