package dev.openppu.cli.recording;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.file.AtomicFile;
import dev.openppu.cli.file.InputFile;
import dev.openppu.cli.rdl.NameOptions;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.recording.EventFilter;
import dev.openppu.harness.recording.EventText;
import dev.openppu.harness.recording.RecordingSummary;
import dev.openppu.harness.recording.RegisterNames;
import dev.openppu.harness.recording.VcdWriter;
import dev.openppu.harness.report.PerfettoTrace;
import dev.openppu.harness.timeline.Timeline;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu trace}: what is in a recording. */
@Command(name = "trace", sortOptions = false, description = "Prints a recording, one record a line, or what the options select of it; or draws it. Recordings are made by record=FILE in a device's URI. Status 2 if it is damaged or not whole: shown is what comes before.", footerHeading = "%nExamples:%n", footer = {
    "  ppu trace run.rec --summary", "  ppu trace run.rec --name 'boot.*' --decode",
    "  ppu trace run.rec --kind dma-write,irq --from 5000000",
    "  ppu trace run.rec --vcd run.vcd --perfetto run.json"})
public final class TraceCommand implements Callable<Integer> {
    /** A page of Perfetto's takes no more. */
    private static final int MOST_MARKS = 1_000_000;
    private static final int BUSIEST = 15;

    @Parameters(paramLabel = "FILE", arity = "1", description = "The recording.")
    private Path file = Path.of("");

    @Option(names = "--kind", paramLabel = "KIND,…", split = ",", description = "Only these kinds: read, write, config-read, dma-write, irq, wait …")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--name", paramLabel = "GLOB", description = "Only accesses to registers of this name; * stands for anything, an index left out for any.")
    private @Nullable String name;

    @Option(names = "--bar", paramLabel = "N", description = "Only accesses to this BAR.")
    private int bar = -1;

    @Option(names = "--at", paramLabel = "FIRST[..LAST]", description = "Only these offsets or IOVAs.")
    private @Nullable String at;

    @Option(names = "--from", paramLabel = "NS", description = "From this time on.")
    private long from = Long.MIN_VALUE;

    @Option(names = "--to", paramLabel = "NS", description = "Up to this time.")
    private long to = Long.MAX_VALUE;

    @Option(names = "--thread", paramLabel = "N", description = "Only what this host thread did; 0 opened the link.")
    private int thread = -1;

    @Option(names = "--limit", paramLabel = "N", description = "No more than so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--decode", description = "Show the fields of registers.")
    private boolean decode;

    @Option(names = "--summary", description = "Count instead.")
    private boolean summary;

    @Option(names = "--perfetto", paramLabel = "OUT", description = "Write a trace for Perfetto instead of printing.")
    private @Nullable Path perfetto;

    @Option(names = "--vcd", paramLabel = "OUT", description = "Write registers and interrupts as a Value Change Dump, for GTKWave, instead of printing.")
    private @Nullable Path vcd;

    @Mixin
    private final NameOptions naming = new NameOptions();

    private long records;
    private long shown;

    private final Invocation invocation;

    public TraceCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            throw new BadInputException("--limit " + limit + ": give 1 or more");
        }
        requireApart();
        RegisterNames names;
        String device;
        try (RecordingReader reader = new RecordingReader(file)) {
            names = naming.names(reader.info(), invocation.terminal().err());
            device = Terminal.printable(reader.info().identity().uri());
        }
        EventFilter filter = filter(names);
        String ending;
        if (summary) {
            ending = summarize(names, filter);
        } else if (vcd == null && perfetto == null) {
            ending = print(new EventText(names, decode), filter);
        } else {
            ending = draw(names, filter, device);
        }
        if (shown == 0 && records > 0) {
            invocation.terminal().err().println(file + ": no record is what the options select");
        }
        if (ending.isEmpty()) {
            return ExitStatus.OK;
        }
        if (!invocation.json()) {
            invocation.terminal().err().println(file + ": the recording " + ending + "; shown is what comes before");
        } else if (!summary) {
            Json.line(invocation.out(), Json.object("type", "ending", "whole", false, "ending", ending));
        }
        return ExitStatus.BAD_INPUT;
    }

    /** Nothing is written over the recording, or over what was written just before. */
    private void requireApart() throws IOException {
        for (Path out : Stream.of(vcd, perfetto).flatMap(Stream::ofNullable).toList()) {
            if (InputFile.same(out, file)) {
                throw new BadInputException(out + " is the recording itself, and is not written over: name another file");
            }
        }
        if (vcd != null && perfetto != null && InputFile.same(vcd, perfetto)) {
            throw new BadInputException("--vcd and --perfetto both name " + vcd + ": name two files");
        }
    }

    private EventFilter filter(RegisterNames names) {
        long[] places = places();
        return new EventFilter(names, kinds(), Optional.ofNullable(name), bar, places[0], places[1], from, to, thread);
    }

    private Set<Kind> kinds() {
        Set<Kind> wanted = EnumSet.noneOf(Kind.class);
        for (String word : kinds) {
            wanted.add(Stream.of(Kind.values()).filter(kind -> kind.word().equals(word)).findFirst()
                    .orElseThrow(() -> new BadInputException(
                            "there is no kind of record '" + word + "'; there are "
                                    + Stream.of(Kind.values()).map(Kind::word).collect(Collectors.joining(", ")))));
        }
        return wanted;
    }

    private long[] places() {
        String text = at;
        if (text == null) {
            return new long[]{0, Long.MAX_VALUE};
        }
        try {
            String[] ends = text.split("\\.\\.", 2);
            return new long[]{Long.decode(ends[0]), Long.decode(ends[ends.length - 1])};
        } catch (NumberFormatException e) {
            throw new BadInputException("--at " + text + ": give an offset or a range of them, 0x10 or 0x10..0x1f", e);
        }
    }

    /** Returns how the recording ended. */
    private String each(EventFilter filter, Consumer<RecordedEvent> action) {
        long left = limit;
        try (RecordingReader reader = new RecordingReader(file)) {
            for (RecordedEvent event = reader.next(); event != null && left > 0; event = reader.next()) {
                records++;
                if (filter.test(event)) {
                    shown++;
                    action.accept(event);
                    left--;
                }
            }
            return reader.ending();
        }
    }

    private String print(EventText text, EventFilter filter) {
        if (!invocation.json()) {
            return each(filter, event -> invocation.out().println(text.line(event)));
        }
        return each(filter, event -> Json.line(invocation.out(),
                Json.object("number", event.number(), "nanos", event.nanos(), "thread", event.kind().call() ? event.thread() : null, "kind",
                        event.kind().word(), "unit", event.kind().has('U') ? event.unit() : null, "place",
                        event.kind().has('P') ? Json.hex(event.place()) : null, "size", event.kind().has('S') ? event.size() : null,
                        "value",
                        event.kind().has('V') ? Json.hex(event.value()) : null, "detail", text.detail(event))));
    }

    private String summarize(RegisterNames names, EventFilter filter) {
        RecordingSummary counts = new RecordingSummary(names);
        String ending = each(filter, counts::add);
        if (invocation.json()) {
            Json.document(invocation.out(), Json.object("records", counts.records(), "nanos", counts.nanos(), "threads", counts.threads(),
                    "dmaBytes", counts.dmaBytes(), "kinds",
                    counts.kinds().entrySet().stream().collect(Collectors.toMap(each -> each.getKey().word(), Map.Entry::getValue)),
                    "busiest",
                    counts.busiest(BUSIEST).stream().map(each -> Json.object("name", each.getKey(), "accesses", each.getValue())).toList(),
                    "whole", ending.isEmpty(), "ending", ending));
            return ending;
        }
        invocation.out().printf("%,d records in %s, %d host threads, %s by DMA%n%n", counts.records(), StageLines.duration(counts.nanos()),
                counts.threads(), StageLines.bytes(counts.dmaBytes()));
        Table table = new Table("KIND", "RECORDS");
        counts.kinds().forEach((kind, count) -> table.row(kind.word(), Long.toString(count)));
        table.print(invocation.out(), "");
        invocation.out().println();
        Table busiest = new Table("REGISTER", "ACCESSES");
        counts.busiest(BUSIEST).forEach(each -> busiest.row(each.getKey(), Long.toString(each.getValue())));
        busiest.print(invocation.out(), "");
        return ending;
    }

    private String draw(RegisterNames names, EventFilter filter, String device) throws IOException {
        String ending = "";
        Path waves = vcd;
        if (waves != null) {
            try (AtomicFile out = AtomicFile.create(waves); PrintWriter text = new PrintWriter(Files.newBufferedWriter(out.path()))) {
                VcdWriter writer = new VcdWriter(names, text);
                each(filter, writer::declare);
                writer.begin("recording of " + device);
                ending = each(filter, writer::change);
                writer.end();
                if (text.checkError()) {
                    throw new IOException(waves + " cannot be written");
                }
                out.commit();
            }
        }
        Path events = perfetto;
        if (events != null) {
            ending = drawEvents(events, new EventText(names, decode), filter, device);
        }
        return ending;
    }

    private String drawEvents(Path events, EventText text, EventFilter filter, String device) throws IOException {
        List<Timeline.Mark> marks = new ArrayList<>();
        String ending = each(filter, event -> {
            if (marks.size() < MOST_MARKS) {
                marks.add(new Timeline.Mark(event.kind().call() ? "thread " + event.thread() : "device", event.kind().word(), event.nanos(),
                        text.detail(event)));
            }
        });
        try (AtomicFile out = AtomicFile.create(events)) {
            try (Writer writer = new BufferedWriter(Files.newBufferedWriter(out.path()))) {
                PerfettoTrace.write(new Timeline(0, List.of(), marks), "spans", device, writer);
            }
            out.commit();
        }
        if (marks.size() == MOST_MARKS) {
            invocation.terminal().err().printf("%s: the first %,d records only; select some by --kind, --name, --from%n", events,
                    MOST_MARKS);
        }
        return ending;
    }
}
