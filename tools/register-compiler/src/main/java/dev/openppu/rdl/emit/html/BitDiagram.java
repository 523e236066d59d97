package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws a register's bits, the highest left, in rows of 32. A row is two drawings of 16 bits side by side; where there is no room
 * for both, as on a phone, the second goes below the first. Rows inside one very wide field are drawn once.
 */
final class BitDiagram {

    private static final int ROW = 32;
    private static final int HALF = 16;
    /** Width of a bit. */
    private static final int BIT = 25;
    private static final int NUMBERS = 14;
    private static final int ACCESS = 13;
    private static final int LOWEST_BOX = 30;

    private final Register register;
    private final RegisterType type;
    private final Markup out;
    private final List<BitRow.Lane> lanes;

    BitDiagram(RegisterType type, Markup out) {
        this.type = type;
        this.register = type.sample();
        this.out = out;
        this.lanes = BitRow.Lane.of(register.fields());
    }

    void write() throws IOException {
        out.raw("<figure class=bits>");
        boolean skipping = false;
        for (int high = register.width() - 1; high >= 0; high -= ROW) {
            int low = Math.max(0, high - ROW + 1);
            if (isInside(high, low)) {
                if (!skipping) {
                    out.raw("<div class=more>⋮</div>");
                }
                skipping = true;
            } else {
                writeRow(high, low);
                skipping = false;
            }
        }
        out.raw("</figure>");
    }

    /** Whether one field, or one gap, fills this row, the one above it and the one below it. */
    private boolean isInside(int high, int low) {
        return lanes.size() == 1 && high + ROW < register.width() && low >= ROW
                && BitRow.cut(lanes.getFirst(), high + ROW, low - ROW).pieces().size() == 1;
    }

    private void writeRow(int high, int low) throws IOException {
        int[] heights = lanes.stream().mapToInt(lane -> height(lane, high, low)).toArray();
        int total = NUMBERS;
        for (int height : heights) {
            total += height + ACCESS;
        }
        out.raw("<div class=row>");
        for (int left = high; left >= low; left -= HALF) {
            writeHalf(left, Math.max(low, left - HALF + 1), heights, total, high);
        }
        out.raw("</div>");
    }

    private static int height(BitRow.Lane lane, int high, int low) {
        int height = LOWEST_BOX;
        for (int left = high; left >= low; left -= HALF) {
            for (BitRow.Piece piece : BitRow.cut(lane, left, Math.max(low, left - HALF + 1)).pieces()) {
                Field field = piece.field();
                if (field != null && isLarger(piece, high)) {
                    height = Math.max(height, BitLabel.fit(name(field, piece.high(), piece.low()), piece.bits() * BIT).height());
                }
            }
        }
        return height;
    }

    private void writeHalf(int high, int low, int[] heights, int total, int rowHigh) throws IOException {
        int bits = high - low + 1;
        out.raw("<svg class=h").raw(bits).raw(" viewBox=\"0 0 ").raw((long) bits * BIT).raw(" ").raw(total).raw("\">");
        writeNumbers(high, low, rowHigh);
        int top = NUMBERS;
        for (int i = 0; i < heights.length; i++) {
            for (BitRow.Piece piece : BitRow.cut(lanes.get(i), high, low).pieces()) {
                int x = (high - piece.high()) * BIT;
                Field field = piece.field();
                if (field != null) {
                    writeField(field, piece, new Box(x, top, piece.bits() * BIT, heights[i]), rowHigh);
                } else if (i == 0) {
                    writeGap(new Box(x, top, piece.bits() * BIT, heights[i]));
                }
            }
            top += heights[i] + ACCESS;
        }
        out.raw("</svg>");
    }

    private record Box(int x, int y, int width, int height) {}

    /** The numbers of the bits at which something begins or ends; what only the half cuts shows where the halves stand apart. */
    private void writeNumbers(int high, int low, int rowHigh) throws IOException {
        Set<Integer> whole = ends(rowHigh, Math.max(0, rowHigh - ROW + 1));
        out.raw("<g class=n>");
        for (int bit : ends(high, low).descendingSet()) {
            out.raw(whole.contains(bit) ? "<text x=" : "<text class=apart x=").raw((long) (high - bit) * BIT + BIT / 2).raw(">").raw(bit)
                    .raw("</text>");
        }
        out.raw("</g>");
    }

    private TreeSet<Integer> ends(int high, int low) {
        TreeSet<Integer> bits = new TreeSet<>();
        for (BitRow.Lane lane : lanes) {
            BitRow.cut(lane, high, low).pieces().stream().filter(piece -> piece.field() != null || lane == lanes.getFirst())
                    .forEach(piece -> bits.addAll(List.of(piece.high(), piece.low())));
        }
        return bits;
    }

    private void writeGap(Box box) throws IOException {
        out.raw("<rect class=gap");
        write(box);
        out.raw(" />");
    }

    private void write(Box box) throws IOException {
        out.raw(" x=").raw(box.x).raw(" y=").raw(box.y).raw(" width=").raw(box.width).raw(" height=").raw(box.height);
    }

    private void writeField(Field field, BitRow.Piece piece, Box box, int rowHigh) throws IOException {
        String style = field.sw().canWrite() ? "rw" : "ro";
        boolean whole = !piece.opensLeft() && !piece.opensRight();
        out.raw("<a class=").raw(style).raw(" href=#").raw(type.fieldId(piece.index())).raw(whole ? "><rect" : "><rect class=part");
        write(box);
        out.raw(" />");
        if (!whole) {
            out.raw("<path d=\"").raw(edges(piece, box)).raw("\"/>");
        }
        writeLabels(field, piece, box, rowHigh);
        out.raw("</a>");
    }

    /** The outline, open to where the field goes on. */
    private static String edges(BitRow.Piece piece, Box box) {
        String right = piece.opensRight() ? "m0 " + box.height : "v" + box.height;
        String left = piece.opensLeft() ? "" : "v-" + box.height;
        return "M" + box.x + " " + box.y + "h" + box.width + right + "h-" + box.width + left;
    }

    /** A field that both halves of a row share has a label over both, and one in the larger half for where they stand apart. */
    private void writeLabels(Field field, BitRow.Piece piece, Box box, int rowHigh) throws IOException {
        int high = Math.min(field.high(), rowHigh);
        int low = Math.max(field.low(), Math.max(0, rowHigh - ROW + 1));
        boolean split = high != piece.high() || low != piece.low();
        if (isLarger(piece, rowHigh)) {
            writeLabel(BitLabel.fit(name(field, piece.high(), piece.low()), box.width), box, split ? " class=apart" : "");
            writeAccess(field, box, split ? "\"a apart\"" : "a");
        }
        if (split && piece.low() == low) {
            int width = (high - low + 1) * BIT;
            int right = box.x + box.width;
            Box both = new Box(right - width, box.y, width, box.height);
            writeLabel(BitLabel.fit(name(field, high, low), width), both, " class=both");
            writeAccess(field, both, "\"a both\"");
        }
    }

    private void writeAccess(Field field, Box box, String style) throws IOException {
        out.raw("<text class=").raw(style).raw(" x=").raw(box.x + box.width / 2).raw(" y=").raw(box.y + box.height + 10).raw(">")
                .raw(AccessPolicy.of(field)).raw("</text>");
    }

    /** Whether at least half of what the row has of the field is in this piece. */
    private static boolean isLarger(BitRow.Piece piece, int rowHigh) {
        Field field = Objects.requireNonNull(piece.field());
        int bits = Math.min(field.high(), rowHigh) - Math.max(field.low(), Math.max(0, rowHigh - ROW + 1)) + 1;
        return 2 * piece.bits() >= bits;
    }

    /** The name, and which of the field's bits these are where they are not all. */
    private static String name(Field field, int high, int low) {
        int bits = high - low + 1;
        if (bits == field.width()) {
            return field.name();
        }
        String part = field.name() + "[" + (high - field.low()) + ":" + (low - field.low()) + "]";
        return part.length() * BitLabel.LETTER < bits * BIT ? part : field.name();
    }

    private void writeLabel(BitLabel label, Box box, String attribute) throws IOException {
        int x = box.x + box.width / 2;
        int y = box.y + box.height / 2 + 4;
        if (label.upright()) {
            out.raw("<text").raw(attribute).raw(" transform=\"translate(").raw(x + 4).raw(" ").raw(box.y + box.height / 2)
                    .raw(")rotate(-90)\">").text(label.lines().getFirst()).raw("</text>");
            return;
        }
        int top = y - (label.lines().size() - 1) * BitLabel.LINE / 2;
        for (String line : label.lines()) {
            out.raw("<text").raw(attribute).raw(" x=").raw(x).raw(" y=").raw(top).raw(">").text(line).raw("</text>");
            top += BitLabel.LINE;
        }
    }
}
