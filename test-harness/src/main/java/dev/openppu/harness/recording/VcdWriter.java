package dev.openppu.harness.recording;

import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.harness.bench.MappedRegister;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A recording as a Value Change Dump (IEEE 1364-2005, clause 18): a register that was accessed is a vector that has the value read or written last, doorbells among them; an interrupt vector is a
 * wire that goes up where a message came and down a nanosecond later. Two passes over the recording: {@link #declare} for what there is, {@link #change} for what happens. For one thread.
 */
public final class VcdWriter {
    private static final int MOST_SIGNALS = 1 << 16;
    private static final int FIRST_CHARACTER = 33;
    private static final int CHARACTERS = 94;

    private final RegisterNames names;
    private final PrintWriter out;
    private final Map<String, Signal> signals = new LinkedHashMap<>();
    private final List<Signal> raised = new ArrayList<>();
    private long origin = -1;
    private long now = -1;

    private record Signal(String scope, String name, String code, int width) {}

    public VcdWriter(RegisterNames names, PrintWriter out) {
        this.names = names;
        this.out = out;
    }

    /** Of every record, before the first {@link #change}. */
    public void declare(RecordedEvent event) {
        origin = origin < 0 ? event.nanos() : origin;
        String key = key(event);
        if (!key.isEmpty() && signals.size() < MOST_SIGNALS) {
            signals.computeIfAbsent(key, _ -> signal(event));
        }
    }

    private static String key(RecordedEvent event) {
        return switch (event.kind()) {
            case READ, WRITE -> event.unit() + "+" + event.place() + "/" + event.size();
            case IRQ -> "irq" + event.unit();
            default -> "";
        };
    }

    private Signal signal(RecordedEvent event) {
        String code = code(signals.size());
        if (event.kind() == Kind.IRQ) {
            return new Signal("interrupts", "vector" + event.unit(), code, 1);
        }
        String path = names.whole(event.unit(), event.place(), event.size()).map(MappedRegister::path)
                .orElse(String.format(Locale.ROOT, "at_%x_%d", event.place(), event.size()));
        return new Signal("bar" + event.unit(), identifier(path), code, (int) Math.min(8, Math.max(1, event.size())) * 8);
    }

    /** Readers take letters, digits and underscores everywhere; brackets mean bits. */
    private static String identifier(String path) {
        return path.replace("[", "_").replace("]", "").replace('.', '_');
    }

    private static String code(int number) {
        StringBuilder code = new StringBuilder();
        int rest = number;
        do {
            code.append((char) (FIRST_CHARACTER + rest % CHARACTERS));
            rest /= CHARACTERS;
        } while (rest > 0);
        return code.toString();
    }

    /** After the last {@link #declare}. */
    public void begin(String comment) {
        out.print("$comment " + comment.replace("$", "_").replaceAll("\\p{Cc}", "?")
                + " $end\n$timescale 1 ns $end\n$scope module ppu $end\n");
        for (String scope : signals.values().stream().map(Signal::scope).distinct().toList()) {
            out.print("$scope module " + scope + " $end\n");
            signals.values().stream().filter(signal -> signal.scope.equals(scope)).forEach(signal -> out.print("$var "
                    + (signal.width == 1 ? "wire" : "reg") + " " + signal.width + " " + signal.code + " " + signal.name + " $end\n"));
            out.print("$upscope $end\n");
        }
        out.print("$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n");
        now = 0;
        signals.values().forEach(signal -> out.print(signal.width == 1 ? "0" + signal.code + "\n" : "bx " + signal.code + "\n"));
        out.print("$end\n");
    }

    /** Every record, in order. */
    public void change(RecordedEvent event) {
        Signal signal = signals.get(key(event));
        if (signal != null) {
            at(event.nanos() - origin);
            if (signal.width == 1) {
                out.print("1" + signal.code + "\n");
                raised.add(signal);
            } else {
                out.print("b" + Long.toBinaryString(event.value()) + " " + signal.code + "\n");
            }
        }
    }

    private void at(long nanos) {
        if (!raised.isEmpty() && nanos > now) {
            out.print("#" + ++now + "\n");
            raised.forEach(signal -> out.print("0" + signal.code + "\n"));
            raised.clear();
        }
        if (nanos > now) {
            now = nanos;
            out.print("#" + now + "\n");
        }
    }

    /** After the last record. */
    public void end() {
        at(now + 1);
        out.flush();
    }
}
