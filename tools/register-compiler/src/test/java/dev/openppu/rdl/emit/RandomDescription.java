package dev.openppu.rdl.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Descriptions that no person would write: everything that the language has, combined at random and always acceptable. */
public final class RandomDescription {

    private static final String DECLARATIONS = """
            enum kind_e { ZERO = 0; ONE = 1 { name = "One"; desc = "\\\\ and \\" in it"; }; };
            struct note_s { string text; longint unsigned weight; kind_e kinds[]; };
            property note { type = note_s; component = all; };
            property peer { type = ref; component = field; };
            property rank { type = longint unsigned; component = all; default = 3; };
            property mark { type = boolean; component = all; };
            property mode { type = accesstype; component = reg; };
            property wide { type = bit; component = all; };
            signal { activelow; } rst_n;
            """;
    private static final List<String> FIELD = List.of("sw = rw; hw = r;", "sw = r; hw = w;", "sw = rw; onwrite = woclr; hw = w;", "woclr;",
            "sw = r; hw = rw; rclr;", "sw = rw1;", "encode = kind_e;", "swmod;", "desc = \"a\nb\\\\\";", "rank = 7;", "mark;", "counter;",
            "posedge intr; hw = w;", "nonsticky intr; hw = w;", "note = note_s'{text: \"x\", weight: 9, kinds: '{kind_e::ONE}};",
            "resetsignal = rst_n;", "wide = 80'hffff_ffff_ffff_ffff_ffff;", "");
    private static final List<String> REGISTER = List.of("regwidth = 32;", "regwidth = 64;", "regwidth = 64; accesswidth = 32;",
            "mode = rw;",
            "name = \"Say \\\"hello\\\"\";", "shared;", "mark = false;", "");

    private final Random random;
    private int serial;

    private RandomDescription(long seed) {
        random = new Random(seed);
    }

    /** The description that {@code seed} stands for; its map is {@code top}. */
    public static String of(long seed) {
        return new RandomDescription(seed).text();
    }

    private String text() {
        StringBuilder out = new StringBuilder(DECLARATIONS);
        List<String> registers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            registers.add("reg_" + i + "_t");
            out.append("reg ").append(registers.getLast()).append(registerBody()).append(";\n");
        }
        List<String> files = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            files.add("file_" + i + "_t");
            List<String> before = List.copyOf(files.subList(0, i));
            out.append("regfile ").append(files.getLast()).append(blockBody(registers, before)).append(";\n");
        }
        return out.append("addrmap top").append(blockBody(registers, files)).append(";\n").toString();
    }

    private String registerBody() {
        int fields = 1 + random.nextInt(4);
        return " { " + one(REGISTER) + " "
                + several(fields, i -> "field { " + one(FIELD) + " } f" + i + "[" + (8 * i + random.nextInt(8)) + ":"
                        + 8 * i + "]" + (random.nextBoolean() ? " = 1" : "") + ";")
                + " }";
    }

    private String blockBody(List<String> registers, List<String> files) {
        List<String> named = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        StringBuilder out = new StringBuilder(" {\n");
        out.append(random.nextInt(4) == 0
                ? "field local_t { sw = r; }; reg inner_t { local_t a[3:0] = 5; local_t b[7:4]; }; inner_t in_" + serial++ + ";\n"
                : "");
        for (int i = 0; i < 3; i++) {
            named.add("r" + serial++);
            out.append(one(registers)).append(' ').append(named.getLast()).append(array()).append(";\n");
            alone.add("s" + serial++);
            out.append("reg").append(registerBody()).append(' ').append(alone.getLast()).append(array()).append(";\n");
        }
        for (int i = 0; i < 2 && !files.isEmpty(); i++) {
            named.add("b" + serial++);
            out.append(random.nextInt(3) == 0 ? "external " : "").append(one(files)).append(' ').append(named.getLast()).append(array())
                    .append(";\n");
        }
        for (String register : alone) {
            out.append(random.nextBoolean() ? register + ".f0->rank = " + random.nextInt(300) + ";\n" : "");
            out.append(random.nextBoolean() ? register + ".f0->peer = " + one(alone) + "_x;\n".replace("_x", ".f0") : "");
        }
        out.append(random.nextBoolean() ? one(named) + "->mark = true;\n" : "");
        out.append(random.nextBoolean() ? one(named) + "->desc = \"Another.\";\n" : "");
        return out.append('}').toString();
    }

    private String array() {
        return switch (random.nextInt(4)) {
            case 0 -> "[" + (1 + random.nextInt(4)) + "]";
            case 1 -> "[2][" + (1 + random.nextInt(3)) + "]";
            default -> "";
        };
    }

    private <T> T one(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String several(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(" "));
    }
}
