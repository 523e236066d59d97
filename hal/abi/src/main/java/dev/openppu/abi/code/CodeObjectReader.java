package dev.openppu.abi.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads one code object; every length, offset and number is checked before it is used. */
final class CodeObjectReader {
    private static final int MAX_SECTIONS = 16;
    private static final int MAX_KERNELS = 4096;
    private static final int MAX_NAME_BYTES = 4096;
    private static final int MAX_KIND = CodeObjectFormat.LINES;
    private static final String[] KINDS = {"", "text", "const", "kernels", "strings", "lines"};

    private final byte[] bytes;
    private final ByteBuffer object;
    private final int[] offsets = new int[MAX_KIND + 1];
    private final int[] sizes = new int[MAX_KIND + 1];

    CodeObjectReader(byte[] bytes) {
        this.bytes = bytes;
        this.object = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    CodeObject read() throws MalformedCodeException {
        readHeader();
        readSectionTable();
        byte[] text = content(CodeObjectFormat.TEXT);
        require(text.length > 0 && text.length % Instruction.BYTES == 0 && text.length <= CodeLimits.MAX_TEXT_BYTES,
                "text is " + text.length + " bytes, not 32 to " + CodeLimits.MAX_TEXT_BYTES + " in steps of 32");
        byte[] constants = content(CodeObjectFormat.CONST);
        require(constants.length <= CodeLimits.MAX_CONST_BYTES,
                "const data is " + constants.length + " bytes, more than " + CodeLimits.MAX_CONST_BYTES);
        List<KernelInfo> kernels = readKernels(text.length);
        return new CodeObject(string(0), text, constants, kernels, readLines(text.length / Instruction.BYTES));
    }

    private void readHeader() throws MalformedCodeException {
        require(bytes.length >= CodeObjectFormat.HEADER_BYTES, "only " + bytes.length + " bytes, too short for a header");
        require(Arrays.equals(bytes, 0, CodeObjectFormat.MAGIC.length, CodeObjectFormat.MAGIC, 0, CodeObjectFormat.MAGIC.length),
                "magic number is wrong: not a code object");
        int major = Short.toUnsignedInt(object.getShort(0x08));
        require(major == CodeObjectFormat.MAJOR, "version " + major + " is not supported, only " + CodeObjectFormat.MAJOR);
        int target = object.getInt(0x0C);
        require(target == CodeObject.TARGET_PPU_10, "target " + Integer.toUnsignedString(target) + " is not ppu_10");
        int size = object.getInt(0x10);
        require(size == bytes.length, "header says " + Integer.toUnsignedString(size) + " bytes, there are " + bytes.length);
        require(object.getInt(CodeObjectFormat.CHECKSUM_OFFSET) == CodeObjectFormat.checksum(bytes),
                "checksum is wrong: the object is damaged");
        require(object.getInt(0x1C) == 0, "reserved header field is not zero");
    }

    private void readSectionTable() throws MalformedCodeException {
        int count = object.getInt(0x14);
        require(count >= 0 && count <= MAX_SECTIONS, "section count " + Integer.toUnsignedString(count) + " is more than " + MAX_SECTIONS);
        long end = CodeObjectFormat.HEADER_BYTES + (long) CodeObjectFormat.SECTION_BYTES * count;
        require(end <= bytes.length, "section table runs past the end");
        for (int i = 0; i < count; i++) {
            int entry = CodeObjectFormat.HEADER_BYTES + CodeObjectFormat.SECTION_BYTES * i;
            int kind = object.getInt(entry);
            long offset = Integer.toUnsignedLong(object.getInt(entry + 4));
            long size = Integer.toUnsignedLong(object.getInt(entry + 8));
            require(kind >= 1 && kind <= MAX_KIND, "section " + i + " has unknown kind " + Integer.toUnsignedString(kind));
            require(offsets[kind] == 0, "section " + KINDS[kind] + " is there twice");
            require(object.getInt(entry + 12) == 0, "section " + KINDS[kind] + ": reserved field is not zero");
            require(offset % CodeObjectFormat.alignment(kind) == 0, "section " + KINDS[kind] + " is not aligned");
            require(offset >= end && offset + size <= bytes.length, "section " + KINDS[kind] + " overlaps or runs past the end");
            offsets[kind] = (int) offset;
            sizes[kind] = (int) size;
            end = offset + size;
        }
        for (int kind : new int[]{CodeObjectFormat.TEXT, CodeObjectFormat.KERNELS, CodeObjectFormat.STRINGS}) {
            require(offsets[kind] != 0, "section " + KINDS[kind] + " is missing");
        }
    }

    private byte[] content(int kind) {
        return Arrays.copyOfRange(bytes, offsets[kind], offsets[kind] + sizes[kind]);
    }

    private List<KernelInfo> readKernels(int textBytes) throws MalformedCodeException {
        ByteBuffer in = ByteBuffer.wrap(content(CodeObjectFormat.KERNELS)).order(ByteOrder.LITTLE_ENDIAN);
        require(in.remaining() >= 4, "kernel table is cut short");
        int count = in.getInt();
        require(count >= 0 && count <= MAX_KERNELS, "kernel count " + Integer.toUnsignedString(count) + " is more than " + MAX_KERNELS);
        List<KernelInfo> kernels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            KernelInfo kernel = readKernel(in, textBytes);
            require(names.add(kernel.name()), "kernel " + kernel.name() + " is there twice");
            kernels.add(kernel);
        }
        require(!in.hasRemaining(), "kernel table has " + in.remaining() + " bytes too many");
        return kernels;
    }

    private KernelInfo readKernel(ByteBuffer in, int textBytes) throws MalformedCodeException {
        require(in.remaining() >= CodeObjectFormat.KERNEL_BYTES, "kernel table is cut short");
        String name = string(in.getInt());
        int entry = in.getInt();
        require(entry >= 0 && entry < textBytes && entry % Instruction.BYTES == 0,
                "kernel " + name + ": entry " + Integer.toUnsignedString(entry) + " is not in the text");
        int registers = within(in.getInt(), Instruction.MAX_REGISTERS, name, "registers");
        int predicates = within(in.getInt(), Instruction.MAX_PREDICATES, name, "predicates");
        int shared = within(in.getInt(), CodeLimits.MAX_SHARED_BYTES, name, "shared bytes");
        int local = within(in.getInt(), CodeLimits.MAX_LOCAL_BYTES, name, "local bytes");
        int threads = within(in.getInt(), CodeLimits.MAX_THREADS_PER_BLOCK, name, "threads per block");
        int parameterBytes = within(in.getInt(), CodeLimits.MAX_PARAMETER_BYTES, name, "parameter bytes");
        int count = within(in.getInt(), CodeLimits.MAX_PARAMETER_BYTES, name, "parameters");
        List<KernelParameter> parameters = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < count; i++) {
            KernelParameter parameter = readParameter(in, name);
            require(parameter.offset() >= end, "kernel " + name + ": parameter " + parameter.name() + " overlaps the one before");
            end = parameter.offset() + (long) parameter.bytes();
            require(end <= parameterBytes, "kernel " + name + ": parameter " + parameter.name() + " is outside the parameter block");
            parameters.add(parameter);
        }
        return new KernelInfo(name, entry, registers, predicates, shared, local, threads, parameterBytes, parameters);
    }

    private KernelParameter readParameter(ByteBuffer in, String kernel) throws MalformedCodeException {
        require(in.remaining() >= CodeObjectFormat.PARAMETER_BYTES, "kernel table is cut short");
        String name = string(in.getInt());
        DataType type = DataType.of(in.getInt());
        int offset = within(in.getInt(), CodeLimits.MAX_PARAMETER_BYTES, kernel, "offset of " + name);
        int size = within(in.getInt(), CodeLimits.MAX_PARAMETER_BYTES, kernel, "size of " + name);
        if (type == null || type == DataType.PRED) {
            throw new MalformedCodeException("code object: kernel " + kernel + ": parameter " + name + " has no type");
        }
        require(size > 0 && size % type.bytes() == 0 && offset % type.bytes() == 0,
                "kernel " + kernel + ": parameter " + name + " does not fit its type");
        return new KernelParameter(name, type, offset, size);
    }

    private static int within(int value, int limit, String kernel, String what) throws MalformedCodeException {
        require(value >= 0 && value <= limit,
                "kernel " + kernel + ": " + what + " " + Integer.toUnsignedString(value) + " is more than " + limit);
        return value;
    }

    private int[] readLines(int instructions) throws MalformedCodeException {
        if (offsets[CodeObjectFormat.LINES] == 0) {
            return new int[0];
        }
        int size = sizes[CodeObjectFormat.LINES];
        require(size == 4 * instructions, "line table is " + size + " bytes for " + instructions + " instructions");
        int[] lines = new int[instructions];
        object.slice(offsets[CodeObjectFormat.LINES], size).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lines);
        return lines;
    }

    private String string(int offset) throws MalformedCodeException {
        int start = offsets[CodeObjectFormat.STRINGS];
        int size = sizes[CodeObjectFormat.STRINGS];
        require(offset >= 0 && offset < size, "name " + Integer.toUnsignedString(offset) + " is outside the string table");
        int end = offset;
        while (end < size && bytes[start + end] != 0) {
            end++;
        }
        require(end < size, "string table is not terminated");
        require(end - offset <= MAX_NAME_BYTES, "name " + offset + " is longer than " + MAX_NAME_BYTES + " bytes");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start + offset, end - offset)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedCodeException("code object: name " + offset + " is not UTF-8");
        }
    }

    private static void require(boolean holds, String problem) throws MalformedCodeException {
        if (!holds) {
            throw new MalformedCodeException("code object: " + problem);
        }
    }
}
