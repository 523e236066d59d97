package dev.openppu.rdl.path;

import dev.openppu.rdl.model.Value.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path as people write it: {@code top.block[2].reg[0][3].field}. Indices are decimal or {@code 0x} hexadecimal, outermost
 * dimension first.
 *
 * @param steps the names from the outermost inwards
 */
public record NodePath(List<Step> steps) {

    private static final Pattern NAME = Pattern.compile("\\\\?([A-Za-z_][A-Za-z0-9_]*)((?:\\[[^\\]\\[]*\\])*)");
    private static final Pattern INDEX = Pattern.compile("\\[\\s*([^\\]]*?)\\s*\\]");

    public NodePath {
        steps = List.copyOf(steps);
    }

    /** @throws PathException if {@code text} does not have the form of a path */
    public static NodePath parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            Matcher matcher = NAME.matcher(part);
            if (!matcher.matches()) {
                throw new PathException("'" + text + "' is no path: write names and indices, for example top.block[2].reg.field");
            }
            steps.add(new Step(matcher.group(1), indices(text, matcher.group(2))));
        }
        return new NodePath(steps);
    }

    private static List<Long> indices(String text, String brackets) {
        List<Long> indices = new ArrayList<>();
        Matcher matcher = INDEX.matcher(brackets);
        while (matcher.find()) {
            indices.add(index(text, matcher.group(1)));
        }
        return indices;
    }

    private static long index(String text, String index) {
        try {
            long value = Long.decode(index);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, like a negative one
        }
        throw new PathException("'" + text + "': the index [" + index + "] is no number of an element");
    }

    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step.name() + step.indices().stream().map(index -> "[" + index + "]").collect(Collectors.joining()))
                .collect(Collectors.joining("."));
    }
}
