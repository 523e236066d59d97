package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of bits of one drawn line, from the left: pieces of fields, and gaps between them.
 *
 * @param high   its leftmost bit
 * @param low    its rightmost bit
 * @param pieces what fills it, from the left, without holes
 */
record BitRow(int high, int low, List<Piece> pieces) {

    /**
     * What of a field, or of a gap, is in a row.
     *
     * @param field null for a gap
     * @param index the field's, counted from the lowest of its register
     */
    record Piece(@Nullable Field field, int index, int high, int low) {

        int bits() {
            return high - low + 1;
        }

        /** Whether the field goes on to the left of this piece. */
        boolean opensLeft() {
            return field != null && field.high() > high;
        }

        /** Whether the field goes on to the right of this piece. */
        boolean opensRight() {
            return field != null && field.low() < low;
        }
    }

    int bits() {
        return high - low + 1;
    }

    /** Cuts the bits {@code high} to {@code low} out of a lane: fields that do not overlap. */
    static BitRow cut(Lane lane, int high, int low) {
        List<Piece> pieces = new ArrayList<>();
        int next = high;
        for (int i = lane.fields().size() - 1; i >= 0; i--) {
            Field field = lane.fields().get(i);
            int left = Math.min(field.high(), high);
            int right = Math.max(field.low(), low);
            if (left < right) {
                continue;
            }
            if (left < next) {
                pieces.add(new Piece(null, -1, next, left + 1));
            }
            pieces.add(new Piece(field, lane.indices().get(i), left, right));
            next = right - 1;
        }
        if (next >= low) {
            pieces.add(new Piece(null, -1, next, low));
        }
        return new BitRow(high, low, pieces);
    }

    /** Fields that do not overlap, lowest first, each with its index in the register. */
    record Lane(List<Field> fields, List<Integer> indices) {

        /**
         * Spreads fields over as few lanes as it takes. Most registers need one; where a field that is only written shares its bits
         * with one that is only read, there is a second.
         */
        static List<Lane> of(List<Field> fields) {
            List<Lane> lanes = new ArrayList<>();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < fields.size(); i++) {
                order.add(i);
            }
            order.sort(Comparator.comparingInt(i -> fields.get(i).low()));
            for (int index : order) {
                Field field = fields.get(index);
                Lane lane = lanes.stream().filter(one -> one.fields.getLast().high() < field.low()).findFirst().orElse(null);
                if (lane == null) {
                    lane = new Lane(new ArrayList<>(), new ArrayList<>());
                    lanes.add(lane);
                }
                lane.fields.add(field);
                lane.indices.add(index);
            }
            return lanes.isEmpty() ? List.of(new Lane(List.of(), List.of())) : lanes;
        }
    }
}
