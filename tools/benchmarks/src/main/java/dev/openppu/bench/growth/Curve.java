package dev.openppu.bench.growth;

import java.util.List;

/**
 * How a cost changes with a number of objects.
 *
 * @param name what is counted
 * @param cost what is measured with so many of them there
 * @param unit of the cost
 * @param points in ascending order
 * @param remark why it ends before where it should; empty if it does not
 */
public record Curve(String name, String cost, String unit, List<Point> points, String remark) {

    /** With so many objects it costs so much. */
    public record Point(long objects, double cost) {}
}
