package dev.openppu.abi.firmware;

/**
 * Where things stand in a firmware image. Little-endian; all of it ours.
 *
 * <pre>
 *  0x000  magic        u64  "OPPUFW\0\1"
 *  0x008  header size  u32  0x100 + 0x50 * sections; the signature covers exactly these bytes
 *  0x00C  image size   u32  all bytes, signature included
 *  0x010  target       u32  profile family
 *  0x014  security ver u32  compared with the anti-rollback counter
 *  0x018  version      u32  major << 16 | minor << 8 | patch
 *  0x01C  sections     u32  1 to 8
 *  0x020  message ABI  u32  lowest major | highest major << 8 | highest minor << 16
 *  0x024  key kind     u32  1 development, 2 production
 *  0x028  key id       8 bytes
 *  0x030  build name   64 bytes, UTF-8, NUL-padded
 *  0x070  reserved     0x90 bytes, zero
 *  0x100  section table, 0x50 bytes each:
 *         +0x00 type u32     +0x04 flags u32, zero
 *         +0x08 offset u64   +0x10 size u64
 *         +0x18 SHA-384 of the section, 48 bytes        +0x48 reserved u64, zero
 *  ...    sections, 64-byte aligned, ascending; what lies between them is zero
 *  end-64 Ed25519 signature over SHA-384(bytes 0 to header size)
 * </pre>
 */
final class ImageLayout {
    /** Bytes 4F 50 50 55 46 57 00 01 as a little-endian word. */
    static final long MAGIC = 0x0100_5746_5550_504fL;

    static final int HEADER_SIZE = 0x008;
    static final int IMAGE_SIZE = 0x00c;
    static final int TARGET = 0x010;
    static final int SECURITY_VERSION = 0x014;
    static final int VERSION = 0x018;
    static final int SECTIONS = 0x01c;
    static final int MESSAGE_ABI = 0x020;
    static final int KEY_KIND = 0x024;
    static final int KEY_ID = 0x028;
    static final int BUILD_NAME = 0x030;
    static final int BUILD_NAME_BYTES = 64;
    static final int RESERVED = 0x070;
    static final int TABLE = 0x100;

    static final int SECTION_BYTES = 0x50;
    static final int SECTION_TYPE = 0x00;
    static final int SECTION_FLAGS = 0x04;
    static final int SECTION_OFFSET = 0x08;
    static final int SECTION_SIZE = 0x10;
    static final int SECTION_DIGEST = 0x18;
    static final int SECTION_RESERVED = 0x48;
    static final int SECTION_ALIGNMENT = 64;
    static final int MAXIMUM_SECTIONS = 8;

    static final int SIGNATURE_BYTES = 64;

    private ImageLayout() {}

    static int headerBytes(int sections) {
        return TABLE + SECTION_BYTES * sections;
    }
}
