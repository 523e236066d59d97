package dev.openppu.driver.owner.dump;

import dev.openppu.abi.reg.PpuBar0Regs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The registers that may be read without changing the device, from the elaborated map that stands beside the generated accessors. */
final class RegisterIndex {
    private static final String MAP = "ppu_bar0.map.json";
    private static final int BITS = 8;

    private final List<Entry> entries = new ArrayList<>();

    /**
     * One register.
     *
     * @param name path in the map
     * @param offset in BAR0
     * @param bytes 4 or 8
     */
    record Entry(String name, long offset, int bytes) {}

    private RegisterIndex() {}

    static List<Entry> ofBar0() throws IOException {
        try (InputStream in = PpuBar0Regs.class.getResourceAsStream(MAP)) {
            if (in == null) {
                throw new IOException("this build lacks its register map " + MAP);
            }
            RegisterIndex index = new RegisterIndex();
            Map<?, ?> file = (Map<?, ?>) JsonParser.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            index.children(map(file.get("map")), "", 0);
            return List.copyOf(index.entries);
        }
    }

    private void children(Map<?, ?> block, String prefix, long base) {
        for (Object child : list(block, "children")) {
            Map<?, ?> node = (Map<?, ?>) child;
            if (!node.containsKey("offset")) {
                continue;
            }
            List<?> dimensions = list(node, "dims");
            long count = dimensions.isEmpty() ? 1 : number(dimensions.getFirst());
            for (long i = 0; i < count; i++) {
                String name = prefix + node.get("name") + (dimensions.isEmpty() ? "" : "[" + i + "]");
                long offset = base + number(node.get("offset")) + (dimensions.isEmpty() ? 0 : i * number(node.get("stride")));
                if ("reg".equals(node.get("kind"))) {
                    register(node, name, offset);
                } else {
                    children(node, name + ".", offset);
                }
            }
        }
    }

    private void register(Map<?, ?> register, String name, long offset) {
        boolean readable = false;
        for (Object each : list(register, "fields")) {
            Map<?, ?> properties = map(map(each).get("properties"));
            if (properties.containsKey("onread") || properties.containsKey("rclr") || properties.containsKey("rset")) {
                return;
            }
            readable |= !(properties.get("sw") instanceof Map<?, ?> access) || String.valueOf(access.get("keyword")).contains("r");
        }
        if (readable) {
            entries.add(new Entry(name, offset, (int) number(map(register.get("properties")).get("regwidth")) / BITS));
        }
    }

    private static List<?> list(Map<?, ?> node, String name) {
        return node.get(name) instanceof List<?> list ? list : List.of();
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) Objects.requireNonNull(value, "the register map lacks a member");
    }

    private static long number(@Nullable Object value) {
        return ((Number) Objects.requireNonNull(value, "the register map lacks a number")).longValue();
    }
}
