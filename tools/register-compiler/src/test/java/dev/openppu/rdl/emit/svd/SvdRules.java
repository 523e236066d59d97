package dev.openppu.rdl.emit.svd;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The rules of the CMSIS-SVD 1.3 schema, and those of its documentation that a schema cannot say, as far as the emitter can meet them. */
final class SvdRules {

    private static final String NUMBER = "[+]?(0x|0X|#)?[0-9a-fA-F]+[kmgtKMGT]?";
    private static final String IDENTIFIER = "[_A-Za-z0-9]*";
    private static final String ARRAY_NAME = "(%s)|(%s)[_A-Za-z][_A-Za-z0-9]*|[_A-Za-z][_A-Za-z0-9]*(\\[%s\\])?|[_A-Za-z][_A-Za-z0-9]*(%s)?[_A-Za-z0-9]*";
    private static final String TEXT = "(?s).+";
    private static final String ACCESS = "read-only|write-only|read-write|writeOnce|read-writeOnce";

    /** Element to its children in their order: {@code ?} once at most, {@code *} any number, {@code +} once at least, else exactly once. */
    private static final Map<String, String> CONTENTS = Map.of(
            "device",
            "vendor? vendorID? name series? version description licenseText? cpu? addressUnitBits width size? access? protection? "
                    + "resetValue? resetMask? peripherals vendorExtensions?",
            "peripherals", "peripheral+",
            "peripheral", "dim? dimIncrement? dimIndex? name version? description? alternatePeripheral? groupName? prependToName? "
                    + "appendToName? headerStructName? disableCondition? baseAddress size? access? protection? resetValue? resetMask? "
                    + "addressBlock* interrupt* registers?",
            "addressBlock", "offset size usage protection?",
            "register",
            "dim? dimIncrement? dimIndex? name displayName? description? alternateGroup? alternateRegister? addressOffset size? "
                    + "access? protection? resetValue? resetMask? dataType? modifiedWriteValues? writeConstraint? readAction? fields?",
            "fields", "field+",
            "field", "dim? dimIncrement? dimIndex? name description? bitOffset bitWidth? access? modifiedWriteValues? writeConstraint? "
                    + "readAction? enumeratedValues*",
            "enumeratedValues", "name? headerEnumName? usage? enumeratedValue+",
            "enumeratedValue", "name description? value");
    private static final String CLUSTER = "dim? dimIncrement? dimIndex? name description alternateCluster? headerStructName? addressOffset size? "
            + "access? protection? resetValue? resetMask?";

    private static final Map<String, String> VALUES = Map.ofEntries(Map.entry("dim", NUMBER), Map.entry("dimIncrement", NUMBER),
            Map.entry("description", TEXT), Map.entry("displayName", TEXT), Map.entry("version", TEXT), Map.entry("baseAddress", NUMBER),
            Map.entry("addressOffset", NUMBER), Map.entry("size", NUMBER), Map.entry("width", NUMBER), Map.entry("addressUnitBits", NUMBER),
            Map.entry("resetValue", NUMBER), Map.entry("resetMask", NUMBER), Map.entry("offset", NUMBER), Map.entry("bitOffset", NUMBER),
            Map.entry("bitWidth", NUMBER), Map.entry("access", ACCESS), Map.entry("alternateRegister", ARRAY_NAME),
            Map.entry("alternateCluster", ARRAY_NAME), Map.entry("alternatePeripheral", ARRAY_NAME),
            Map.entry("readAction", "clear|set|modify|modifyExternal"),
            Map.entry("modifiedWriteValues", "(one|zero)To(Clear|Set|Toggle)|clear|set|modify"),
            Map.entry("value", "[+]?(((0x|0X)[0-9a-fA-F]+)|([0-9]+)|((#|0b)[01xX]+))"));

    private final List<String> violations = new ArrayList<>();

    private SvdRules() {}

    static List<String> violations(String document) {
        SvdRules rules = new SvdRules();
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            Element device = factory.newDocumentBuilder().parse(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
            rules.check(device);
            if (!device.getTagName().equals("device") || !device.getAttribute("schemaVersion").matches("\\d+\\.\\d+")) {
                rules.violations.add("the root is no device with a schemaVersion");
            }
        } catch (Exception e) {
            rules.violations.add(e.toString());
        }
        return rules.violations;
    }

    private void check(Element element) {
        List<Element> children = children(element);
        String tag = element.getTagName();
        String sequence = String.join("", children.stream().map(child -> child.getTagName() + " ").toList());
        String grammar = tag.equals("cluster")
                ? grammar(CLUSTER) + "((register |cluster )+)"
                : tag.equals("registers") ? "((register |cluster )+)" : CONTENTS.containsKey(tag) ? grammar(CONTENTS.get(tag)) : "";
        if (!sequence.matches(grammar)) {
            violations.add(tag + " holds " + sequence);
        }
        if (children.isEmpty()) {
            checkValue(element, tag);
        }
        if (sequence.contains("dim ") != sequence.contains("dimIncrement ")) {
            violations.add("dim and dimIncrement go together in " + tag);
        }
        checkNames(tag, children);
        checkBits(tag, children);
        children.forEach(this::check);
    }

    private static String grammar(String contents) {
        return List.of(contents.split(" ", -1)).stream().map(item -> "(" + item.replaceAll("\\W", "") + " )" + item.replaceAll("\\w", ""))
                .collect(Collectors.joining());
    }

    private void checkValue(Element element, String tag) {
        String parent = ((Element) element.getParentNode()).getTagName();
        String text = element.getTextContent();
        String wanted = switch (tag) {
            case "name" -> Set.of("peripheral", "cluster", "register", "field").contains(parent) ? ARRAY_NAME : IDENTIFIER;
            case "usage" -> parent.equals("addressBlock") ? "registers|buffer|reserved" : "read|write|read-write";
            default -> VALUES.getOrDefault(tag, TEXT);
        };
        if (!text.matches(wanted) || tag.equals("name") && text.isEmpty()) {
            violations.add(parent + "'s " + tag + " is '" + text + "'");
        }
    }

    private void checkNames(String tag, List<Element> children) {
        if (Set.of("peripherals", "registers", "cluster", "fields", "enumeratedValues").contains(tag)) {
            Set<String> names = new HashSet<>();
            for (Element child : children) {
                String name = text(child, "name");
                if (name != null && !names.add(name.replace("[%s]", ""))) {
                    violations.add(name + " stands twice in " + tag);
                }
                if (name != null && name.contains("%s") != (text(child, "dim") != null)) {
                    violations.add(name + " and its dim do not fit");
                }
            }
        }
    }

    /** Fields lie in their register, registers have 64 bits at most, values fit their field. */
    private void checkBits(String tag, List<Element> children) {
        if (!tag.equals("register")) {
            return;
        }
        int size = children.stream().filter(child -> child.getTagName().equals("size"))
                .mapToInt(child -> Integer.decode(child.getTextContent()))
                .findFirst().orElse(32);
        if (!Set.of(8, 16, 32, 64).contains(size)) {
            violations.add("a register has " + size + " bits");
        }
        children.stream().filter(child -> child.getTagName().equals("fields")).flatMap(fields -> children(fields).stream())
                .forEach(field -> {
                    String offset = text(field, "bitOffset");
                    String width = text(field, "bitWidth");
                    if (offset != null && width != null && offset.matches("\\d+")
                            && Integer.parseInt(offset) + Integer.parseInt(width) > size) {
                        violations.add(text(field, "name") + " lies outside of its register");
                    }
                });
    }

    private static @Nullable String text(Element element, String tag) {
        return children(element).stream().filter(child -> child.getTagName().equals(tag)).map(Element::getTextContent).findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element element) {
        List<Element> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }
}
