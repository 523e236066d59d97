package dev.openppu.rdl.emit;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Descriptions that are hard on emitters of code. */
public final class HardMaps {

    private HardMaps() {}

    /** Their sources. Each has one root. */
    public static Stream<String> texts() {
        return Stream.of(BODIES, ENUMS, ADDRESSES, ARRAYS, MEMORIES, WIDE, TEXTS, WORDS, many());
    }

    /** Those of them in which no two things want one name. */
    public static Stream<String> plainlyNamed() {
        return Stream.of(ADDRESSES, ARRAYS, MEMORIES, WIDE, TEXTS);
    }

    /** One type name, several bodies. */
    private static final String BODIES = """
            reg word #(longint unsigned W = 8) { field {} f[W] = 1; };
            regfile part #(longint unsigned N = 1, boolean B = true) { word #(.W(N)) x[N]; reg { field {} g; ispresent = B; } y; };
            addrmap bodies {
                part a; part #(.N(3)) b; part #(.N(3)) b2; part c; part d; part #(.B(false)) e;
                c.x.f->reset = 0; d.y.g->sw = r;
                word plain; alias plain word other @0x800; external part out[2] @0x1000 += 0x100;
                word #(.W(31)) w31; word #(.W(32)) w32;
            };
            """;

    /** Enumerations of one name, of large values, of names that Java has. */
    private static final String ENUMS = """
            addrmap enums {
                regfile { enum state_e { OFF; ON; }; reg { field { encode = state_e; } f[2] = state_e::ON; } x; } a;
                regfile { enum state_e { OFF = 1; ON = 0; }; reg { field { encode = state_e; } f[2]; } x; } b;
                enum \\string { S = 64'hffff_ffff_ffff_ffff; ALL = 3; }; enum object_e { \\all = 32'hffff_ffff; ALL = 1; \\_ = 2; };
                enum state { A = 1; }; enum huge { ALL = 100'hf_0000_0000_0000_0000_0000_0001; word0 = 5; };
                reg { regwidth = 64; field { encode = \\string; } f[64]; } long; reg { field { encode = object_e; } f[32]; } integer;
                reg { regwidth = 256; field { encode = huge; } f[200:101] = 5; field { encode = object_e; } g[70:39]; field { encode = state; } h[99:98]; } wide;
                reg { field { encode = state; } value[3:3]; } state; enum bits_regs { X = 1; };
                regfile bits { reg { field { encode = bits_regs; } f; } x; }; bits q;
            };
            """;

    private static final String ADDRESSES = """
            reg one { field {} f[7:0] = 8'h5a; };
            regfile far { one x; one y @0x2_0000_0000; };
            addrmap addresses { one a; one b @0x1_0000_0000; far c[2] @0x10_0000_0000 += 0x4_0000_0000; one d @0x70_0000_0000_0000;
                one table[2][2] @0x80_0000_0000 += 0x1_0000_0000; };
            """;

    /** More elements than may be created at once, than may be kept, than an int counts. */
    private static final String ARRAYS = """
            reg one { field {} f; };
            regfile leaf { one x; one y[3][2]; };
            regfile node { leaf l[100]; one z; };
            addrmap arrays { node n[100]; leaf many[0x200000]; one endless[0x1_0000_0000]; one cube[2][3][4] += 16; node single @0x100_0000_0000; };
            """;

    private static final String MEMORIES = """
            mem plain { mementries = 10; memwidth = 32; };
            mem overlaid { mementries = 8; memwidth = 64; reg { regwidth = 64; field {} a[40]; } x[2]; reg { regwidth = 64; field {} b[50:1]; } y @0x20; };
            addrmap memories { external plain a; external overlaid b[2][2] @0x100 += 0x80; external mem { mementries = 4; memwidth = 12; } odd @0x400;
                external mem { mementries = 4; memwidth = 33; sw = r; } narrow @0x500; external mem { mementries = 4; memwidth = 256; } wide @0x600;
                external mem { mementries = 0x1_0000_0000; memwidth = 8; } large @0x1000; };
            """;

    private static final String WIDE = """
            addrmap wide { littleendian;
                reg { regwidth = 128; accesswidth = 8; field {} a[70:60] = 11'h5a5; field {} b[127:71] = 57'h1; field {} c[0:0] = 1; } bytes;
                reg { regwidth = 1024; accesswidth = 32; field {} f[1023:5] = 1019'h5_0000_0000_0000_0000_0000_0001; field { sw = r; } g[4:4]; } table[3];
                reg { regwidth = 64; accesswidth = 16; field {} f[63:1]; } half[2][2];
                addrmap { bigendian; reg { regwidth = 256; accesswidth = 64; field {} f[255:0]; } quad; reg { regwidth = 64; accesswidth = 32; field {} f[63:0]; } pair;
                    reg { regwidth = 32; accesswidth = 8; field {} f[31:0]; } lanes; } big @0x1000;
                addrmap { msb0; reg { field {} first[0:7] = 8'h80; field {} last[31:31] = 1; } m; } mirrored @0x2000;
            };
            """;

    /** Texts that end comments, begin escapes, look like markup. */
    private static final String TEXTS = """
            addrmap texts { name = "*/ <b> @see {@code} \\\\u000a"; desc = "/* ??/ line
            two \\\\u002a/ %s $1";
                reg { name = "*/"; desc = "\\\\"; field { desc = "\\\\u0000 */ /* // ??)"; name = "<@>{"; } f; } x;
                enum e { A { name = "*/ \\\\uXYZ"; desc = "{@link"; }; }; reg { field { encode = e; } f; } y;
            };
            """;

    /** What Java, C, C++ and the emitters use themselves; what differs only in case or underscores. */
    private static final String WORDS = """
            reg one { field {} class; field {} Class; field {} CLASS; field {} int; field {} wait; field {} reset; field {} raw; field {} words; field {} with_x; field {} x;
                field {} \\_; field {} new; field {} RESET; field {} equals; field {} and; };
            regfile block { one x; one read_x; };
            regfile Block { one y; };
            addrmap words { one foo_bar; one fooBar; one FooBar; one foo__bar; one class; one template; one uint32_t; one size; one SIZE; one \\_1; one mmio_x; one Long;
                one Objects; one \\string; one block_regs; one words_regs; one x_offset; one x;
                block mmio; block base; block Base; block i[2]; block read_x; block toString; Block hashCode; block yield; block \\_[2]; block notify; };
            """;

    /** More members and fields than one class or one method has room for. */
    private static String many() {
        String registers = IntStream.range(0, 1300)
                .mapToObj(i -> "reg { field {} f[" + (1 + i % 32) + "] = " + i % 2 + "; } register_" + i + ";")
                .collect(Collectors.joining("\n"));
        String blocks = IntStream.range(0, 900).mapToObj(i -> "part block_" + i + ";").collect(Collectors.joining("\n"));
        String fields = IntStream.range(0, 2100).mapToObj(i -> "field {} bit_" + i + ";").collect(Collectors.joining("\n"));
        String entries = IntStream.range(0, 2100).mapToObj(i -> "ENTRY_" + i + ";").collect(Collectors.joining("\n"));
        return "regfile part { reg { field {} f; } x; }; addrmap many { enum many_e {" + entries + "};\n" + registers + blocks
                + "reg { regwidth = 4096;" + fields + "} huge; reg { field { encode = many_e; } f[12]; } encoded; };";
    }
}
