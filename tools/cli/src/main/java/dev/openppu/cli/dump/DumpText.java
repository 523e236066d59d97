package dev.openppu.cli.dump;

import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.LocatedRegister;
import dev.openppu.cli.register.RegisterCatalog;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Shows a dump to people: what happened first, registers last and only those that differ from their reset values. */
public final class DumpText {
    private static final Set<String> KEYS_OF_ITS_OWN = Set.of("section", "queue", "index", "state", "raw", "type");

    private final DumpFile dump;
    private final Map<String, LocatedRegister> registers;
    private final boolean all;

    /** @param all registers at their reset values, too */
    public DumpText(DumpFile dump, RegisterCatalog catalog, boolean all) {
        this.dump = dump;
        this.registers = catalog.all().stream().filter(r -> r.bar() == 0)
                .collect(Collectors.toMap(LocatedRegister::path, Function.identity()));
        this.all = all;
    }

    public void print(PrintStream out) {
        JsonNode head = dump.lines().getFirst();
        new Table().row("reason", text(head, "reason")).row("device", text(head, "device"))
                .row("product", text(head, "product") + ", serial " + text(head, "serial"))
                .row("firmware", text(head, "firmware")).row("epoch", text(head, "epoch")).print(out, "");
        title(out, "problems while dumping", "problem", line -> text(line, "part") + ": " + text(line, "message"));
        title(out, "contexts", "context", line -> text(line, "what"));
        title(out, "recoveries", "recovery", line -> text(line, "level")
                + (line.path("recovered").asBoolean(false) ? " recovered: " : " FAILED: ") + text(line, "what"));
        title(out, "XIDs", "xid",
                line -> text(line, "name") + ", context " + text(line, "context") + ", queue " + text(line, "queue") + ", address "
                        + text(line, "address") + ", pc " + text(line, "pc") + ", device time " + text(line, "deviceNanos"));
        queues(out);
        walks(out);
        title(out, "crash record", "crash",
                line -> text(line, "reason") + ", firmware " + text(line, "firmware") + ", device time " + text(line, "nanos"));
        title(out, "registers at the crash", "crash-register", line -> text(line, "offset") + " = " + text(line, "value"));
        title(out, "firmware log at the crash", "crash-log", line -> text(line, "nanos") + "  " + text(line, "text"));
        title(out, "firmware log", "log", line -> text(line, "nanos") + "  " + text(line, "level") + "  " + text(line, "text"));
        registers(out);
    }

    private void title(PrintStream out, String title, String section, Function<JsonNode, String> line) {
        List<JsonNode> lines = dump.section(section);
        if (!lines.isEmpty()) {
            out.println();
            out.println(title);
            lines.forEach(node -> out.println("  " + line.apply(node)));
        }
    }

    private void queues(PrintStream out) {
        Map<String, List<JsonNode>> packets = dump.section("packet").stream().collect(Collectors.groupingBy(p -> text(p, "queue")));
        for (JsonNode queue : dump.section("queue")) {
            out.println();
            out.println("queue " + text(queue, "queue") + " (" + text(queue, "holder") + ")");
            out.println("  state " + text(queue, "state") + ", hold " + text(queue, "hold") + ", error " + text(queue, "error") + ", "
                    + text(queue, "taken")
                    + " packets taken, progress " + text(queue, "progress"));
            packets.getOrDefault(text(queue, "queue"), List.of()).forEach(packet -> packet(out, packet));
        }
    }

    private static void packet(PrintStream out, JsonNode packet) {
        String members = packet.properties().stream().filter(member -> !KEYS_OF_ITS_OWN.contains(member.getKey()))
                .map(member -> member.getKey() + "="
                        + (member.getValue().isValueNode() ? member.getValue().asString() : member.getValue().toString()))
                .map(Terminal::printable).collect(Collectors.joining(" "));
        out.println("  packet " + text(packet, "index") + " (" + text(packet, "state") + ") " + text(packet, "type") + " " + members);
        out.println("    " + text(packet, "raw"));
    }

    private void walks(PrintStream out) {
        for (JsonNode walk : dump.section("walk")) {
            out.println();
            out.println("address " + text(walk, "address") + " of context " + text(walk, "context")
                    + (walk.path("rootValid").asBoolean(false) ? "" : ": no address space"));
            walk.path("steps").forEach(step -> out.println("  level " + text(step, "level") + ": "
                    + (step.has("problem")
                            ? text(step, "problem")
                            : text(step, "at") + " = " + text(step, "entry") + ", " + text(step, "meaning"))));
        }
    }

    private void registers(PrintStream out) {
        Table table = new Table();
        int hidden = 0;
        for (JsonNode line : dump.section("register")) {
            long raw = parse(text(line, "value"));
            LocatedRegister register = registers.get(text(line, "name"));
            if (register == null) {
                table.row(text(line, "name"), text(line, "value"), "not in this version's map");
            } else if (!all && raw == register.reset()) {
                hidden++;
            } else {
                table.row(register.path(), Decoding.hex(register, raw), Decoding.line(register, raw));
            }
        }
        out.println();
        out.println("registers");
        table.print(out, "  ");
        if (hidden > 0) {
            out.println("  " + hidden + " are as a reset leaves them (--all shows them)");
        }
    }

    private static long parse(String hex) {
        try {
            return hex.startsWith("0x") ? Long.parseUnsignedLong(hex.substring(2), 16) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(JsonNode node, String member) {
        return Terminal.printable(node.path(member).asString(""));
    }
}
