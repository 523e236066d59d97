package dev.openppu.rdl.elaborate;

import static dev.openppu.rdl.elaborate.ComponentKind.ADDRMAP;
import static dev.openppu.rdl.elaborate.ComponentKind.FIELD;
import static dev.openppu.rdl.elaborate.ComponentKind.MEM;
import static dev.openppu.rdl.elaborate.ComponentKind.REG;
import static dev.openppu.rdl.elaborate.ComponentKind.REGFILE;
import static dev.openppu.rdl.elaborate.ComponentKind.SIGNAL;
import static dev.openppu.rdl.elaborate.DataType.Basic.ACCESS;
import static dev.openppu.rdl.elaborate.DataType.Basic.ADDRESSING;
import static dev.openppu.rdl.elaborate.DataType.Basic.BOOLEAN;
import static dev.openppu.rdl.elaborate.DataType.Basic.ENUM;
import static dev.openppu.rdl.elaborate.DataType.Basic.NUMBER;
import static dev.openppu.rdl.elaborate.DataType.Basic.ON_READ;
import static dev.openppu.rdl.elaborate.DataType.Basic.ON_WRITE;
import static dev.openppu.rdl.elaborate.DataType.Basic.PRECEDENCE;
import static dev.openppu.rdl.elaborate.DataType.Basic.REFERENCE;
import static dev.openppu.rdl.elaborate.DataType.Basic.STRING;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties that SystemRDL 2.0 defines, after its tables 6, 7, 11, 13, 17 to 20, 23, 25, 26 and 27. */
public final class StandardProperties {

    private static final Set<ComponentKind> ALL = EnumSet.allOf(ComponentKind.class);
    private static final Set<ComponentKind> BLOCKS = EnumSet.of(ADDRMAP, REGFILE);
    private static final Set<ComponentKind> STRUCTURE = EnumSet.of(ADDRMAP, REGFILE, REG);
    private static final DataType FLAG_OR_REFERENCE = DataType.OneOf.of(BOOLEAN, REFERENCE);
    private static final DataType NUMBER_OR_REFERENCE = DataType.OneOf.of(NUMBER, REFERENCE);
    private static final DataType ANY_LEVEL = DataType.OneOf.of(BOOLEAN, NUMBER, REFERENCE);
    private static final DataType STRINGS = new DataType.ListOf(STRING);

    private static final Map<String, PropertyRule> RULES = build();

    private StandardProperties() {}

    /** The rule for {@code name}, or null where the standard has none. */
    static @Nullable PropertyRule find(String name) {
        return RULES.get(name);
    }

    /** The names of all. */
    public static Set<String> names() {
        return RULES.keySet();
    }

    private static Map<String, PropertyRule> build() {
        Map<String, PropertyRule> rules = new LinkedHashMap<>();
        addGeneral(rules);
        addSignal(rules);
        addFieldAccess(rules);
        addFieldHardware(rules);
        addCounter(rules);
        addInterrupt(rules);
        addRegister(rules);
        addBlock(rules);
        return rules;
    }

    private static void addGeneral(Map<String, PropertyRule> rules) {
        add(rules, ALL, STRING, null, "name", "desc");
        add(rules, ALL, BOOLEAN, null, "ispresent");
        add(rules, EnumSet.of(ADDRMAP, REGFILE, REG, FIELD, MEM), DataType.OneOf.of(BOOLEAN, NUMBER), null, "donttest",
                "dontcompare");
        add(rules, EnumSet.of(ADDRMAP, REGFILE, REG, MEM), STRING, null, "hdl_path", "hdl_path_gate");
        add(rules, EnumSet.of(FIELD, MEM), STRINGS, null, "hdl_path_slice", "hdl_path_gate_slice");
        addStatic(rules, STRUCTURE, BOOLEAN, null, "errextbus");
        addStatic(rules, BLOCKS, BOOLEAN, null, "sharedextbus");
    }

    private static void addSignal(Map<String, PropertyRule> rules) {
        addStatic(rules, EnumSet.of(SIGNAL), NUMBER, null, "signalwidth");
        add(rules, EnumSet.of(SIGNAL), BOOLEAN, "sync/async", "sync", "async");
        add(rules, EnumSet.of(SIGNAL), BOOLEAN, "activehigh/activelow", "activehigh", "activelow");
        add(rules, EnumSet.of(SIGNAL), BOOLEAN, null, "cpuif_reset", "field_reset");
    }

    private static void addFieldAccess(Map<String, PropertyRule> rules) {
        Set<ComponentKind> field = EnumSet.of(FIELD);
        add(rules, EnumSet.of(FIELD, MEM), ACCESS, null, "sw");
        addStatic(rules, field, ACCESS, null, "hw");
        add(rules, field, ON_READ, "read side effect", "onread");
        add(rules, field, BOOLEAN, "read side effect", "rclr", "rset");
        add(rules, field, ON_WRITE, "write side effect", "onwrite");
        add(rules, field, BOOLEAN, "write side effect", "woset", "woclr");
        add(rules, field, ANY_LEVEL, "swwe/swwel", "swwe", "swwel");
        add(rules, field, BOOLEAN, null, "swmod", "swacc", "singlepulse");
    }

    private static void addFieldHardware(Map<String, PropertyRule> rules) {
        Set<ComponentKind> field = EnumSet.of(FIELD);
        addStatic(rules, field, NUMBER, null, "fieldwidth");
        add(rules, field, NUMBER_OR_REFERENCE, null, "reset");
        add(rules, field, REFERENCE, null, "resetsignal", "next");
        add(rules, field, FLAG_OR_REFERENCE, "we/wel", "we", "wel");
        add(rules, field, FLAG_OR_REFERENCE, null, "hwclr", "hwset");
        add(rules, field, REFERENCE, "hwenable/hwmask", "hwenable", "hwmask");
        add(rules, field, BOOLEAN, null, "anded", "ored", "xored");
        addStatic(rules, field, BOOLEAN, null, "paritycheck");
        add(rules, field, PRECEDENCE, null, "precedence");
        add(rules, field, ENUM, null, "encode");
    }

    private static void addCounter(Map<String, PropertyRule> rules) {
        Set<ComponentKind> field = EnumSet.of(FIELD);
        add(rules, field, BOOLEAN, "counter/intr", "counter");
        add(rules, field, ANY_LEVEL, "saturate/incrsaturate", "saturate", "incrsaturate");
        add(rules, field, ANY_LEVEL, "threshold/incrthreshold", "threshold", "incrthreshold");
        add(rules, field, ANY_LEVEL, null, "decrsaturate", "decrthreshold");
        add(rules, field, FLAG_OR_REFERENCE, null, "incr", "decr");
        add(rules, field, NUMBER, "incrvalue/incrwidth", "incrwidth");
        add(rules, field, NUMBER, "decrvalue/decrwidth", "decrwidth");
        add(rules, field, NUMBER_OR_REFERENCE, "incrvalue/incrwidth", "incrvalue");
        add(rules, field, NUMBER_OR_REFERENCE, "decrvalue/decrwidth", "decrvalue");
        add(rules, field, FLAG_OR_REFERENCE, null, "overflow", "underflow");
    }

    private static void addInterrupt(Map<String, PropertyRule> rules) {
        Set<ComponentKind> field = EnumSet.of(FIELD);
        add(rules, field, BOOLEAN, "counter/intr", "intr");
        add(rules, field, REFERENCE, "enable/mask", "enable", "mask");
        add(rules, field, REFERENCE, "haltenable/haltmask", "haltenable", "haltmask");
        add(rules, field, BOOLEAN, "sticky/stickybit", "sticky", "stickybit");
    }

    private static void addRegister(Map<String, PropertyRule> rules) {
        addStatic(rules, EnumSet.of(REG), NUMBER, null, "regwidth");
        add(rules, EnumSet.of(REG), NUMBER, null, "accesswidth");
        addStatic(rules, EnumSet.of(REG), BOOLEAN, null, "shared");
        addStatic(rules, EnumSet.of(MEM), NUMBER, null, "mementries", "memwidth");
    }

    private static void addBlock(Map<String, PropertyRule> rules) {
        addStatic(rules, BLOCKS, NUMBER, null, "alignment");
        addStatic(rules, EnumSet.of(ADDRMAP), ADDRESSING, null, "addressing");
        addStatic(rules, EnumSet.of(ADDRMAP), BOOLEAN, null, "bridge");
        add(rules, EnumSet.of(ADDRMAP), BOOLEAN, "bigendian/littleendian", "bigendian", "littleendian");
        addStatic(rules, EnumSet.of(ADDRMAP), BOOLEAN, "rsvdset/rsvdsetX", "rsvdset", "rsvdsetX");
        addStatic(rules, EnumSet.of(ADDRMAP), BOOLEAN, "msb0/lsb0", "msb0", "lsb0");
    }

    private static void add(Map<String, PropertyRule> rules, Set<ComponentKind> targets, DataType type, @Nullable String group,
            String... names) {
        put(rules, targets, type, group, true, List.of(names));
    }

    private static void addStatic(Map<String, PropertyRule> rules, Set<ComponentKind> targets, DataType type,
            @Nullable String group, String... names) {
        put(rules, targets, type, group, false, List.of(names));
    }

    private static void put(Map<String, PropertyRule> rules, Set<ComponentKind> targets, DataType type, @Nullable String group,
            boolean dynamic, List<String> names) {
        for (String name : names) {
            rules.put(name, new PropertyRule(name, targets, type, group, dynamic, null, false, false));
        }
    }
}
