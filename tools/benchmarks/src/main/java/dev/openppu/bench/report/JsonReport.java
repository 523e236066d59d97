package dev.openppu.bench.report;

import dev.openppu.bench.contest.LineResult;
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

    private static @Nullable Double value(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
