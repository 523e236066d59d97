package dev.openppu.rdl.speed;

import java.util.Random;

/** Texts like those that chips have, of any size. */
final class Descriptions {

    private Descriptions() {}

    /** About {@code lines} lines: blocks of registers with fields, descriptions, enums, shared types and wiring; the same for one seed. */
    static String chip(int lines, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(lines * 48);
        text.append("`define WORD 32\nenum mode_e { IDLE = 0; RUN = 1 { desc = \"Work goes on.\"; }; HALT = 2; };\n");
        text.append(
                "reg common_t #(longint unsigned WIDTH = 8) {\n  regwidth = `WORD;\n  field { sw = rw; hw = r; } value[WIDTH] = 0;\n};\n");
        StringBuilder top = new StringBuilder("addrmap chip {\n");
        int count = 6;
        for (int block = 0; count < lines; block++) {
            count += block(text, block, random);
            top.append("  block_").append(block).append(" b").append(block).append(" @0x").append(Integer.toHexString(block << 12))
                    .append(";\n");
            count++;
        }
        return text.append(top).append("};\n").toString();
    }

    private static int block(StringBuilder text, int block, Random random) {
        int registers = 8 + random.nextInt(24);
        text.append("regfile block_").append(block).append(" {\n  name = \"Block ").append(block).append("\";\n");
        int count = 5;
        for (int i = 0; i < registers; i++) {
            count += register(text, i, random);
        }
        text.append("  common_t #(.WIDTH(").append(1 + random.nextInt(32)).append(")) shared[").append(1 + random.nextInt(8))
                .append("];\n");
        text.append("  r0.f0->swwe = r1.f0;\n};\n");
        return count;
    }

    private static int register(StringBuilder text, int index, Random random) {
        text.append("  reg {\n    desc = \"Register ").append(index).append(" says how the unit works, and what of it may change.\";\n");
        int fields = 1 + random.nextInt(6);
        for (int field = 0; field < fields; field++) {
            text.append("    field {\n      desc = \"Field ").append(field).append(".\";\n      sw = rw; hw = ").append(
                    random.nextBoolean() ? "r" : "w").append(";\n");
            if (random.nextInt(4) == 0) {
                text.append("      onwrite = woclr; // cleared by a one\n");
            } else if (field > 0 && random.nextInt(4) == 0) {
                text.append("      encode = mode_e;\n");
            } else {
                text.append("      swmod;\n");
            }
            text.append("    } f").append(field).append('[').append(field == 0 ? 0 : field * 5 + 3).append(':').append(field * 5)
                    .append("] = 0x").append(field == 0 ? 1 : random.nextInt(3)).append(";\n");
        }
        text.append("  } r").append(index).append(" @0x").append(Integer.toHexString(index * 4)).append(";\n");
        return 3 + fields * 5;
    }

    /** {@code lines} instances of one register type, one a line. */
    static String flat(int lines) {
        StringBuilder text = new StringBuilder(lines * 16).append("reg t { field {} f[31:0] = 0; };\naddrmap flat {\n");
        for (int i = 0; i < lines; i++) {
            text.append("  t r").append(i).append(";\n");
        }
        return text.append("};\n").toString();
    }
}
