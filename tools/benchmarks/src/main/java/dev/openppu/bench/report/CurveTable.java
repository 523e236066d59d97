package dev.openppu.bench.report;

import dev.openppu.bench.growth.Curve;
import dev.openppu.bench.growth.Curve.Point;
import java.io.PrintStream;

/** Curves of growth as lines of text, a point each. */
public final class CurveTable {
    private final PrintStream out;

    public CurveTable(PrintStream out) {
        this.out = out;
    }

    public void curve(Curve curve) {
        out.printf("%s: %s, %s%n", curve.name(), curve.cost(), curve.unit());
        for (Point point : curve.points()) {
            out.printf("%,12d %10s%n", point.objects(), TextReport.number(point.cost()));
        }
        if (!curve.remark().isEmpty()) {
            out.println(curve.remark());
        }
        out.flush();
    }
}
