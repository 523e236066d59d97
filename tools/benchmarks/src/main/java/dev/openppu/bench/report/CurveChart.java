package dev.openppu.bench.report;

import dev.openppu.bench.growth.Curve;
import dev.openppu.bench.growth.Curve.Point;
import java.util.List;
import java.util.Locale;

/** A curve on two logarithmic axes, with a line at each power of ten. */
final class CurveChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 260;
    private static final int LEFT = 60;
    private static final int BOTTOM = 40;
    private static final int TOP = 30;

    private CurveChart() {}

    static String svg(Curve curve) {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" font-size=\"12\" font-family=\"system-ui,sans-serif\" role=\"img\">", WIDTH,
                HEIGHT, WIDTH));
        text(svg, LEFT, 18, "start", "%s: %s, %s".formatted(curve.name(), curve.cost(), curve.unit()));
        List<Point> points = curve.points();
        if (!points.isEmpty()) {
            Axis across = Axis.of(1, points.getLast().objects(), LEFT, WIDTH - 20);
            double low = points.stream().mapToDouble(Point::cost).min().orElse(1);
            double high = points.stream().mapToDouble(Point::cost).max().orElse(1);
            Axis up = Axis.of(low, high, HEIGHT - BOTTOM, TOP);
            grid(svg, across, up);
            draw(svg, points, across, up);
        }
        return svg.append("</svg>").toString();
    }

    /** Where a value lies; from and to are powers of ten. */
    private record Axis(int from, int to, double begin, double end) {
        static Axis of(double low, double high, double begin, double end) {
            int from = (int) Math.floor(Math.log10(low));
            return new Axis(from, Math.max(from + 1, (int) Math.ceil(Math.log10(high))), begin, end);
        }

        double at(double value) {
            return begin + (Math.log10(value) - from) / (to - from) * (end - begin);
        }
    }

    private static void grid(StringBuilder svg, Axis across, Axis up) {
        for (int power = across.from(); power <= across.to(); power++) {
            double x = across.at(Math.pow(10, power));
            line(svg, x, TOP, x, HEIGHT - BOTTOM);
            text(svg, x, HEIGHT - BOTTOM + 16, "middle", String.format(Locale.ROOT, "%,d", (long) Math.pow(10, power)));
        }
        for (int power = up.from(); power <= up.to(); power++) {
            double y = up.at(Math.pow(10, power));
            line(svg, LEFT, y, WIDTH - 20, y);
            text(svg, LEFT - 6, y + 4, "end", TextReport.number(Math.pow(10, power)));
        }
    }

    private static void draw(StringBuilder svg, List<Point> points, Axis across, Axis up) {
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            double x = across.at(point.objects());
            double y = up.at(point.cost());
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
            svg.append(String.format(Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#3f7cc4\"><title>%,d: %s</title></circle>", x, y, point.objects(),
                    TextReport.number(point.cost())));
        }
        svg.append("<path d=\"").append(path).append("\" fill=\"none\" stroke=\"#3f7cc4\" stroke-width=\"2\"/>");
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#8884\"/>", x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"currentColor\">%s</text>", x, y,
                anchor, HtmlReport.escape(text)));
    }
}
