package dev.openppu.abi.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Code of one or more kernels with everything the driver needs to load and launch them. Immutable.
 *
 * <p>As bytes (OpenPPU's own design, little-endian; {@link CodeObjectFormat}):
 *
 * <pre>
 *  0x00  magic "PPUCODE\0"
 *  0x08  major version u16 = 1, minor version u16 = 0
 *  0x0C  target u32: 100 is ppu_10
 *  0x10  size of everything u32
 *  0x14  number of sections u32
 *  0x18  CRC-32C u32 of everything, with this field zero
 *  0x1C  reserved u32, zero
 *  0x20  section table: kind u32, offset u32, size u32, reserved u32 (zero) each; ascending and not overlapping, every kind at most once
 *        1 text     instructions, 32-byte aligned
 *        2 const    constant data, 8-byte aligned
 *        3 kernels  count u32, then per kernel: name, entry offset, registers, predicates, shared bytes, local bytes, most threads, parameter bytes,
 *                   number of parameters (u32 each), then per parameter: name, type, offset, bytes (u32 each)
 *        4 strings  NUL-terminated UTF-8; a name is an offset into it; the string at 0 is the source file
 *        5 lines    u32 per instruction: its source line, 0 for none
 * </pre>
 */
public final class CodeObject {
    /** Target number of {@code ppu_10} (fact sheet, section 1: {@code __HGGC_ARCH__}). */
    public static final int TARGET_PPU_10 = 100;

    private final String source;
    private final byte[] text;
    private final byte[] constants;
    private final List<KernelInfo> kernels;
    private final int[] lines;

    /**
     * @param source name of the source file, for messages
     * @param text instructions
     * @param constants constant data
     * @param kernels the kernels, names unique
     * @param lines source line of each instruction, or empty
     */
    public CodeObject(String source, byte[] text, byte[] constants, List<KernelInfo> kernels, int[] lines) {
        this.source = source;
        this.text = text.clone();
        this.constants = constants.clone();
        this.kernels = List.copyOf(kernels);
        this.lines = lines.clone();
    }

    public String source() {
        return source;
    }

    /** The instructions, read-only, little-endian. */
    public ByteBuffer text() {
        return ByteBuffer.wrap(text).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The constant data, read-only, little-endian. */
    public ByteBuffer constants() {
        return ByteBuffer.wrap(constants).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    public List<KernelInfo> kernels() {
        return kernels;
    }

    /** The kernel with this name, or null. */
    public @Nullable KernelInfo kernel(String name) {
        for (KernelInfo kernel : kernels) {
            if (kernel.name().equals(name)) {
                return kernel;
            }
        }
        return null;
    }

    /** Source line of the instruction at this byte offset in the text, or 0 where it is not known. */
    public int lineAt(long offset) {
        long index = offset / Instruction.BYTES;
        return offset >= 0 && index < lines.length ? lines[(int) index] : 0;
    }

    int[] lines() {
        return lines;
    }

    /** The descriptor of a kernel of this object once its text and constants have addresses. */
    public KernelDescriptor descriptor(KernelInfo kernel, long textAddress, long constAddress) {
        return new KernelDescriptor(textAddress, text.length, kernel.entryOffset(), constAddress, constants.length, kernel.registers(),
                kernel.predicates(),
                kernel.sharedBytes(), kernel.localBytes(), kernel.parameterBytes(), kernel.maxThreads());
    }

    public byte[] toBytes() {
        return CodeObjectFormat.write(this);
    }

    /**
     * Reads a code object, trusting nothing.
     *
     * @throws MalformedCodeException saying what is wrong with it
     */
    public static CodeObject parse(byte[] bytes) throws MalformedCodeException {
        return new CodeObjectReader(bytes).read();
    }
}
