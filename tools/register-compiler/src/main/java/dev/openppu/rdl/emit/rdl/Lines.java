package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The assignments through the hierarchy that a body must hold: what instances of a type have that their type has not, and
 * references that begin at the body's own level.
 */
final class Lines {

    private final List<String> lines = new ArrayList<>();
    private final List<String> path = new ArrayList<>();

    /** The assignments for {@code child} in the body of its parent; {@code type} is null where its own body stands there. */
    static List<String> of(Part child, @Nullable Part type) {
        Lines lines = new Lines();
        lines.visit(child, type);
        return lines.lines;
    }

    private void visit(Part part, @Nullable Part type) {
        path.add(part.name());
        Set<String> missing = new LinkedHashSet<>();
        part.properties().forEach((name, value) -> {
            if (isMissing(part, type, name, value)) {
                missing.add(name);
            }
        });
        String where = String.join(".", path.stream().map(RdlText::name).toList()) + "->";
        Statements.of(part, missing, this::fromHere).forEach(statement -> lines.add(where + statement));
        part.children().values().forEach(child -> visit(child, type == null ? null : type.children().get(child.name())));
        if (type != null) {
            type.children().keySet().stream().filter(name -> !part.children().containsKey(name))
                    .forEach(name -> lines.add(where.replace("->", "." + RdlText.name(name) + "->ispresent = false;")));
        }
        path.removeLast();
    }

    private boolean isMissing(Part part, @Nullable Part type, String name, Value value) {
        int depth = path.size();
        if (depth == 1 && name.equals("reset") && part.instanceReset() != null) {
            return false;
        }
        int level = Part.level(value);
        if (type == null) {
            return level == depth && !(depth == 1 && part.isField());
        }
        return level <= depth && !value.equals(type.properties().get(name));
    }

    /** {@code value} for this body: a reference that begins further in gets the names up to there. */
    private Value fromHere(Value value) {
        if (value instanceof Value.Reference reference && reference.up() >= 0 && reference.up() < path.size()) {
            List<Value.Step> steps = new ArrayList<>();
            path.subList(0, path.size() - reference.up()).forEach(name -> steps.add(new Value.Step(name, List.of())));
            steps.addAll(reference.steps());
            return new Value.Reference(path.size(), steps, reference.property());
        }
        return value;
    }
}
