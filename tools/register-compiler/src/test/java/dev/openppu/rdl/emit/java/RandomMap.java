package dev.openppu.rdl.emit.java;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The source of a random map: every width, odd fields, arrays of arrays, names that collide. */
final class RandomMap {

    private static final List<String> NAMES = List.of("alpha", "Alpha", "al_pha", "alPha", "class", "int", "reset", "mmio", "base", "wait",
            "read_x", "x", "value", "i", "i0", "raw", "words", "word", "SIZE", "Long", "objects", "string", "toString", "hash_code", "_",
            "_0", "a1", "A_1", "yield", "record", "var", "window", "queue", "queue_regs", "mode", "mode_e", "offset", "x_offset");

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int registers = 40;

    RandomMap(long seed) {
        random = new Random(seed);
    }

    String text() {
        out.append("enum mode_e { OFF = 0; ON = 1; };\nenum wide_e { ALL = 64'hffff_ffff_ffff_ffff; class = 5; Class = 6; };\n");
        out.append("addrmap ").append(pick(List.of("top", "queue", "x"))).append(" {\n");
        if (random.nextBoolean()) {
            out.append("bigendian;\n");
        }
        body(0, true);
        return out.append("};\n").toString();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** @param map whether it is an address map, which can have others in it */
    private void body(int depth, boolean map) {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        int members = 2 + random.nextInt(4);
        for (int i = 0; i < members; i++) {
            String name = names.get(i);
            if (depth < 3 && random.nextInt(3) == 0) {
                block(depth, map, name);
            } else if (map && random.nextInt(8) == 0) {
                out.append("external mem { mementries = ").append(1 + random.nextInt(20)).append("; memwidth = ")
                        .append(pick(List.of(8, 12, 16, 32, 33, 64))).append("; } \\").append(name).append(" %= 64;\n");
            } else if (registers > 0) {
                register(name);
            }
        }
        register(names.get(members));
    }

    private void block(int depth, boolean inMap, String name) {
        boolean map = inMap && random.nextBoolean();
        out.append(map ? "addrmap {\n" : "regfile {\n");
        body(depth + 1, map);
        String array = array(3);
        String stride = array.isEmpty() ? "" : " += 0x" + Integer.toHexString(0x1000000 >> 4 * depth);
        out.append("} \\").append(name).append(array).append(stride).append(" %= 0x1000;\n");
    }

    private String array(int most) {
        return switch (random.nextInt(4)) {
            case 0 -> "[" + (1 + random.nextInt(most)) + "]";
            case 1 -> "[" + (1 + random.nextInt(most)) + "][" + (1 + random.nextInt(most)) + "]";
            default -> "";
        };
    }

    private void register(String name) {
        registers--;
        int width = 8 << random.nextInt(7);
        int access = 8 << random.nextInt(Integer.numberOfTrailingZeros(width) - 2);
        out.append("reg { regwidth = ").append(width).append("; accesswidth = ").append(access).append(";\n");
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        int bit = random.nextInt(Math.max(1, width / 4));
        for (int i = 0; bit < width && i < 12; i++) {
            int size = 1 + (random.nextInt(4) == 0 ? random.nextInt(width - bit) : random.nextInt(Math.min(40, width - bit)));
            out.append("  field { ")
                    .append(pick(List.of("", "", "sw = r;", "sw = w;", "encode = mode_e;", size == 64 ? "encode = wide_e;" : "")))
                    .append(" } \\").append(names.get(i)).append("[").append(bit + size - 1).append(":").append(bit).append("]");
            out.append(random.nextBoolean() ? " = " + size + "'h" + new BigInteger(size, random).toString(16) : "").append(";\n");
            bit += size + (random.nextBoolean() ? 0 : random.nextInt(9));
        }
        out.append("} \\").append(name).append(array(4)).append(" %= ").append(width / 8).append(";\n");
    }
}
