package dev.openppu.bench.report;

import dev.openppu.bench.contest.LineResult;
import dev.openppu.bench.growth.Curve;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line: name, unit, java, c, ratio, target, ok, bytesPerOp; null where there is nothing to tell. */
public final class JsonReport {
    private final PrintStream out;
    private final JsonMapper mapper = new JsonMapper();

    public JsonReport(PrintStream out) {
        this.out = out;
    }

    public void line(LineResult line) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", line.metric().name());
        object.put("unit", line.metric().unit());
        object.put("java", line.java());
        object.put("c", value(line.c()));
        object.put("ratio", value(line.ratio()));
        object.put("target", line.metric().target().text().isEmpty() ? null : line.metric().target().text());
        object.put("ok", line.ok().orElse(null));
        object.put("bytesPerOp", value(line.bytesPerOperation()));
        out.println(mapper.writeValueAsString(object));
        out.flush();
    }

    /** A point of a curve a line: curve, cost, unit, objects, value. */
    public void curve(Curve curve) {
        for (Curve.Point point : curve.points()) {
            out.println(mapper.writeValueAsString(new CurvePoint(curve.name(), curve.cost(), curve.unit(), point.objects(), point.cost())));
        }
        out.flush();
    }

    /** What {@link #curve} writes. */
    record CurvePoint(String curve, String cost, String unit, long objects, double value) {}

    private static @Nullable Double value(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
