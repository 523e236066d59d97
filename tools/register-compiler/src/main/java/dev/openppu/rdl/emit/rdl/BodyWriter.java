package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes components: their types first, then their properties, instances, and assignments through the hierarchy. */
final class BodyWriter {

    private static final int WIDTH = 120;

    private final Writer out;
    private final Types types;
    private final Declarations declarations;
    private final Set<Part> defined = Collections.newSetFromMap(new IdentityHashMap<>());
    private int depth;

    BodyWriter(Writer out, Types types, Declarations declarations) {
        this.out = out;
        this.types = types;
        this.declarations = declarations;
    }

    /** Writes the root map. */
    void writeRoot(Part root) throws IOException {
        boolean named = root.name().equals(root.typeName());
        line(root.keyword() + " " + RdlText.name(root.typeName()) + " {");
        depth++;
        writeProperties(root);
        defineUnique(root);
        writeInstances(root);
        depth--;
        line(named ? "};" : "} " + RdlText.name(root.name()) + ";");
    }

    /** Defines the types in {@code part} whose names are theirs alone: here, where all can use them. */
    private void defineUnique(Part part) throws IOException {
        for (Part child : part.children().values()) {
            Part type = types.of(child);
            defineUnique(type == null ? child : type);
            if (type != null && types.isUnique(type) && defined.add(type)) {
                writeComponent(RdlText.name(type.typeName()) + " ", type, "");
            }
        }
    }

    private void writeProperties(Part part) throws IOException {
        for (String statement : ownStatements(part, false)) {
            line(statement);
        }
    }

    private void writeInstances(Part part) throws IOException {
        Map<String, Part> definedHere = new HashMap<>();
        for (Part child : part.children().values()) {
            Part type = types.of(child);
            if (type == null) {
                writeComponent("", child, " " + instance(child));
            } else {
                String name = types.isUnique(type) ? RdlText.name(type.typeName()) : defineHere(type, definedHere);
                line(before(child) + name + " " + instance(child) + ";");
            }
        }
        for (Part child : part.children().values()) {
            for (String assignment : Lines.of(child, types.of(child))) {
                line(assignment);
            }
        }
    }

    /** Defines a type whose name others have, too; returns the name that it has in this body. */
    private String defineHere(Part type, Map<String, Part> definedHere) throws IOException {
        String name = RdlText.name(type.typeName());
        for (int i = 2; definedHere.containsKey(name) && definedHere.get(name) != type; i++) {
            name = RdlText.name(type.typeName() + "_" + i);
        }
        if (definedHere.putIfAbsent(name, type) == null) {
            writeComponent(name + " ", type, "");
        }
        return name;
    }

    private void writeComponent(String typeName, Part part, String instance) throws IOException {
        String begin = (typeName.isEmpty() && part.layout().external() ? "external " : "") + part.keyword() + " " + typeName + "{";
        String end = "}" + instance + ";";
        List<String> statements = leafStatements(part, typeName.isEmpty());
        if (part.children().isEmpty() && !part.keyword().equals("mem")) {
            String all = statements.isEmpty() ? begin + end : begin + " " + String.join(" ", statements) + " " + end;
            if (4 * depth + all.length() <= WIDTH) {
                line(all);
                return;
            }
        }
        line(begin);
        depth++;
        if (part.children().isEmpty()) {
            for (String statement : statements) {
                line(statement);
            }
        } else {
            writeProperties(part);
            writeInstances(part);
        }
        depth--;
        line(end);
    }

    private List<String> leafStatements(Part part, boolean inline) {
        List<String> statements = new ArrayList<>();
        if (part.properties().get("encode") instanceof Value.EnumRef(EnumType type) && declarations.isLocal(type)) {
            statements.add(Declarations.definition(type).replaceAll("\n *", " "));
        }
        statements.addAll(ownStatements(part, inline && part.isField()));
        return statements;
    }

    /** Assignments in the component's own body; one at its instance can refer to its siblings, too. */
    private static List<String> ownStatements(Part part, boolean siblings) {
        Set<String> names = new LinkedHashSet<>();
        part.properties().forEach((name, value) -> {
            boolean atInstance = name.equals("reset") && part.instanceReset() != null;
            if (!atInstance && Part.level(value) <= (siblings ? 1 : 0)) {
                names.add(name);
            }
        });
        return Statements.of(part, names, UnaryOperator.identity());
    }

    private static String before(Part instance) {
        String alias = instance.layout().alias();
        return (instance.layout().external() ? "external " : "") + (alias == null ? "" : "alias " + RdlText.name(alias) + " ");
    }

    private static String instance(Part part) {
        Value.@Nullable Num reset = part.instanceReset();
        return RdlText.name(part.name()) + part.layout().place() + (reset == null ? "" : " = " + RdlText.value(reset));
    }

    private void line(String text) throws IOException {
        out.write("    ".repeat(depth));
        out.write(text);
        out.write('\n');
    }
}
