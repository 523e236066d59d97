package dev.openppu.abi.code;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Numbers of the container (see {@link CodeObject}) and its writer. */
final class CodeObjectFormat {
    static final byte[] MAGIC = {'P', 'P', 'U', 'C', 'O', 'D', 'E', 0};
    static final int MAJOR = 1;
    static final int MINOR = 0;
    static final int HEADER_BYTES = 0x20;
    static final int CHECKSUM_OFFSET = 0x18;
    static final int SECTION_BYTES = 16;
    static final int KERNEL_BYTES = 36;
    static final int PARAMETER_BYTES = 16;
    static final int TEXT = 1;
    static final int CONST = 2;
    static final int KERNELS = 3;
    static final int STRINGS = 4;
    static final int LINES = 5;

    private record Section(int kind, byte[] content) {}

    private CodeObjectFormat() {}

    static int alignment(int kind) {
        return kind == TEXT ? Instruction.BYTES : 8;
    }

    static byte[] write(CodeObject object) {
        StringTable strings = new StringTable();
        strings.offsetOf(object.source());
        byte[] kernels = kernels(object.kernels(), strings);
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(TEXT, bytes(object.text())));
        if (object.constants().hasRemaining()) {
            sections.add(new Section(CONST, bytes(object.constants())));
        }
        sections.add(new Section(KERNELS, kernels));
        sections.add(new Section(STRINGS, strings.bytes()));
        if (object.lines().length > 0) {
            ByteBuffer lines = allocate(4 * object.lines().length);
            lines.asIntBuffer().put(object.lines());
            sections.add(new Section(LINES, lines.array()));
        }
        return assemble(sections);
    }

    private static byte[] assemble(List<Section> sections) {
        int end = HEADER_BYTES + SECTION_BYTES * sections.size();
        int[] offsets = new int[sections.size()];
        for (int i = 0; i < offsets.length; i++) {
            int alignment = alignment(sections.get(i).kind);
            offsets[i] = (end + alignment - 1) / alignment * alignment;
            end = offsets[i] + sections.get(i).content.length;
        }
        ByteBuffer out = allocate(end);
        out.put(MAGIC).putShort((short) MAJOR).putShort((short) MINOR).putInt(CodeObject.TARGET_PPU_10).putInt(end).putInt(sections.size());
        out.position(HEADER_BYTES);
        for (int i = 0; i < offsets.length; i++) {
            out.putInt(sections.get(i).kind).putInt(offsets[i]).putInt(sections.get(i).content.length).putInt(0);
            out.put(offsets[i], sections.get(i).content);
        }
        out.putInt(CHECKSUM_OFFSET, checksum(out.array()));
        return out.array();
    }

    private static byte[] kernels(List<KernelInfo> kernels, StringTable strings) {
        int parameters = kernels.stream().mapToInt(kernel -> kernel.parameters().size()).sum();
        ByteBuffer out = allocate(4 + KERNEL_BYTES * kernels.size() + PARAMETER_BYTES * parameters);
        out.putInt(kernels.size());
        for (KernelInfo kernel : kernels) {
            out.putInt(strings.offsetOf(kernel.name())).putInt(kernel.entryOffset()).putInt(kernel.registers()).putInt(kernel.predicates());
            out.putInt(kernel.sharedBytes()).putInt(kernel.localBytes()).putInt(kernel.maxThreads()).putInt(kernel.parameterBytes());
            out.putInt(kernel.parameters().size());
            for (KernelParameter parameter : kernel.parameters()) {
                out.putInt(strings.offsetOf(parameter.name())).putInt(parameter.type().code()).putInt(parameter.offset())
                        .putInt(parameter.bytes());
            }
        }
        return out.array();
    }

    /** CRC-32C of the object with its checksum field taken as zero. */
    static int checksum(byte[] object) {
        CRC32C crc = new CRC32C();
        crc.update(object, 0, CHECKSUM_OFFSET);
        crc.update(new byte[4]);
        crc.update(object, CHECKSUM_OFFSET + 4, object.length - CHECKSUM_OFFSET - 4);
        return (int) crc.getValue();
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static final class StringTable {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final Map<String, Integer> offsets = new LinkedHashMap<>();

        int offsetOf(String text) {
            return offsets.computeIfAbsent(text, key -> {
                int offset = content.size();
                content.writeBytes(key.getBytes(StandardCharsets.UTF_8));
                content.write(0);
                return offset;
            });
        }

        byte[] bytes() {
            return content.toByteArray();
        }
    }
}
