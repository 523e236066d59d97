package dev.openppu.cli.register;

import dev.openppu.cli.BadInputException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name as users write it: {@code queue[3].control.enable}. An array without an index means all its elements.
 *
 * @param segments names from the outermost block inwards
 */
record RegisterPath(List<Segment> segments) {
    private static final Pattern SEGMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)((?:\\[[^\\]\\[]*\\])*)");
    private static final Pattern INDEX = Pattern.compile("\\[([^\\]]*)\\]");

    RegisterPath {
        segments = List.copyOf(segments);
    }

    /**
     * One name with its indices.
     *
     * @param indices none for a single instance, or for all elements of an array
     */
    record Segment(String name, List<Long> indices) {
        Segment {
            indices = List.copyOf(indices);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(name);
            indices.forEach(index -> text.append('[').append(index).append(']'));
            return text.toString();
        }
    }

    /** @throws BadInputException if that is no such name */
    static RegisterPath parse(String text) {
        List<Segment> segments = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            Matcher matcher = SEGMENT.matcher(part);
            if (!matcher.matches()) {
                throw new BadInputException(
                        "'" + text + "' is no register name: write block[index].register.field, for example queue[3].control.enable");
            }
            segments.add(new Segment(matcher.group(1), indices(text, matcher.group(2))));
        }
        return new RegisterPath(segments);
    }

    private static List<Long> indices(String text, String brackets) {
        List<Long> indices = new ArrayList<>();
        Matcher matcher = INDEX.matcher(brackets);
        while (matcher.find()) {
            try {
                indices.add(Long.decode(matcher.group(1).strip()));
            } catch (NumberFormatException e) {
                throw new BadInputException("'" + text + "': the index [" + matcher.group(1) + "] is no number");
            }
        }
        return indices;
    }

    /** Whether {@code register}, a full path, is meant by this one: it is the same, or leads further inwards. */
    boolean leadsTo(RegisterPath register) {
        return segments.size() <= register.segments.size() && coversFirst(segments.size(), register);
    }

    /** The field that this path names in {@code register}, a full path, if it does. */
    Optional<String> fieldOf(RegisterPath register) {
        int depth = register.segments.size();
        return segments.size() == depth + 1 && segments.getLast().indices().isEmpty() && coversFirst(depth, register)
                ? Optional.of(segments.getLast().name())
                : Optional.empty();
    }

    private boolean coversFirst(int count, RegisterPath register) {
        for (int i = 0; i < count; i++) {
            Segment asked = segments.get(i);
            Segment there = register.segments.get(i);
            boolean anyElement = asked.indices.isEmpty();
            if (!asked.name.equals(there.name) || !anyElement && !asked.indices.equals(there.indices)) {
                return false;
            }
        }
        return true;
    }

    RegisterPath from(int first) {
        return new RegisterPath(segments.subList(first, segments.size()));
    }

    @Override
    public String toString() {
        return String.join(".", segments.stream().map(Segment::toString).toList());
    }
}
