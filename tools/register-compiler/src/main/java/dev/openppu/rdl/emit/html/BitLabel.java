package dev.openppu.rdl.emit.html;

import java.util.ArrayList;
import java.util.List;

/**
 * A field's name, made to fit into a box: on one line, broken at underscores, or upright.
 *
 * @param lines   the text
 * @param upright whether it is turned to read from the bottom
 */
record BitLabel(List<String> lines, boolean upright) {

    /** Width of a letter of the drawing's font. */
    static final double LETTER = 6.4;
    /** Distance of two lines. */
    static final int LINE = 12;

    private static final int MARGIN = 6;
    private static final int MOST_LINES = 3;
    private static final int LONGEST_UPRIGHT = 22;

    /** The label for {@code name} in a box of {@code width}. */
    static BitLabel fit(String name, int width) {
        int letters = (int) ((width - MARGIN) / LETTER);
        if (name.length() <= letters) {
            return new BitLabel(List.of(name), false);
        }
        List<String> broken = breakAtUnderscores(name, letters);
        if (broken.size() <= MOST_LINES && broken.stream().allMatch(line -> line.length() <= letters)) {
            return new BitLabel(broken, false);
        }
        return new BitLabel(List.of(name.length() <= LONGEST_UPRIGHT ? name : name.substring(0, LONGEST_UPRIGHT - 1) + "…"), true);
    }

    private static List<String> breakAtUnderscores(String name, int letters) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : name.split("(?<=_)", -1)) {
            if (!line.isEmpty() && line.length() + word.length() > letters) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** The height of the box that it needs. */
    int height() {
        return upright ? (int) Math.ceil(lines.getFirst().length() * LETTER) + 2 * MARGIN : lines.size() * LINE + 2 * MARGIN;
    }
}
