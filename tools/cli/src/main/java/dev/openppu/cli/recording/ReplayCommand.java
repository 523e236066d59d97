package dev.openppu.cli.recording;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.command.TopCommand;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.cli.rdl.NameOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.Links;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.hal.replay.Difference;
import dev.openppu.hal.replay.ReplayWatch;
import dev.openppu.harness.recording.DevicePlayer;
import dev.openppu.harness.recording.EventText;
import dev.openppu.harness.recording.PlayedDifference;
import dev.openppu.harness.recording.RegisterNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu replay}: a recording in place of the device, or in place of the host. */
@Command(name = "replay", sortOptions = false, description = "Without --device, runs the recorded command again with the recording in place of the device; with it, plays the recorded host against that device. "
        + "Stops at the first difference and shows both sides. Status 0 only if there is none; 2 if there is none as far as it can be played, and the recording is damaged or not whole.", footerHeading = "%nExamples:%n", footer = {
            "  ppu replay run.rec", "  ppu replay run.rec --device model:zw810e --all 20",
            "  ppu replay run.rec -- run mine.tix --in x=x.npy      another command than the recorded one"})
public final class ReplayCommand implements Callable<Integer> {
    private static final List<String> DEVICE_OPTIONS = List.of("--device", "--seed");

    @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
    private Path file = Path.of("");

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND", description = "What to run, behind '--'; default: what was recorded.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--all", paramLabel = "N", description = "With --device: go on to so many differences; default 1.")
    private int all = 1;

    @Mixin
    private final NameOptions naming = new NameOptions();

    private final Invocation invocation;

    public ReplayCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** A command's words without what says which device: another takes its place. */
    public static List<String> withoutDevice(List<String> words) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (DEVICE_OPTIONS.contains(word)) {
                i++;
            } else if (DEVICE_OPTIONS.stream().noneMatch(option -> word.startsWith(option + "="))) {
                kept.add(word);
            }
        }
        return kept;
    }

    @Override
    public Integer call() throws IOException {
        if (all < 1) {
            throw new BadInputException("--all " + all + ": give 1 or more");
        }
        return invocation.options().deviceGiven() ? play() : run();
    }

    // ---- the recorded host against a device

    private int play() throws IOException {
        try (RecordingReader reader = new RecordingReader(file)) {
            RegisterNames names = naming.names(reader.info(), invocation.terminal().err());
            try (DeviceLink device = Links.open(invocation.options().deviceUri());
                    DevicePlayer player = new DevicePlayer(reader, device, names)) {
                List<PlayedDifference> differences = player.play(all);
                EventText text = new EventText(names, true);
                differences.forEach(difference -> show(difference, text));
                sum(player, differences.size());
                return differences.isEmpty() ? status(ExitStatus.OK, player.reader().ending()) : ExitStatus.FAILED;
            }
        }
    }

    private void show(PlayedDifference difference, EventText text) {
        RecordedEvent event = difference.event();
        if (invocation.json()) {
            Json.line(invocation.out(), Json.object("type", "difference", "number", event.number(), "nanos", event.nanos(), "access",
                    text.line(event), "recorded", Json.hex(event.value()), "seen", Json.hex(difference.seen()), "what", difference.text()));
            return;
        }
        invocation.out()
                .println(invocation.terminal().paint(Colour.BAD, "different") + "  record %d, at %,d ns: %s".formatted(event.number(),
                        event.nanos(), difference.text()));
        invocation.out().println("  recorded: " + text.line(event));
        invocation.out().println("  seen:     0x" + Long.toHexString(difference.seen()));
    }

    private void sum(DevicePlayer player, int differences) {
        String ending = player.reader().ending();
        if (invocation.json()) {
            Json.line(invocation.out(), Json.object("type", "summary", "compared", player.compared(), "differences", differences, "masked",
                    player.masked(), "whole", ending.isEmpty(), "ending", ending));
            return;
        }
        for (Map.Entry<String, String> masked : player.masked().entrySet()) {
            invocation.out().println("may differ, and does: " + masked.getKey() + " (" + masked.getValue() + ")");
        }
        if (!ending.isEmpty()) {
            invocation.out().println("the recording " + ending + ": it was played up to there");
        }
        invocation.out().printf("%,d answers compared, %d different%n", player.compared(), differences);
    }

    // ---- the driver against the recording

    private int run() throws IOException {
        RegisterNames names;
        List<String> words;
        try (RecordingReader reader = new RecordingReader(file)) {
            names = naming.names(reader.info(), invocation.terminal().err());
            words = new ArrayList<>(withoutDevice(command.isEmpty() ? reader.info().command() : command));
        }
        if (words.isEmpty() || words.contains("replay")) {
            throw new BadInputException(file + " does not say which command was recorded: give it behind '--'");
        }
        words.add("--device=" + new LinkUri("replay", file.toString(), Map.of()));
        String[] arguments = words.toArray(String[]::new);
        Outcome outcome = new Outcome();
        int status = ScopedValue.where(ReplayWatch.CURRENT, outcome)
                .call(() -> TopCommand.commandLine(invocation.terminal(), arguments).execute(arguments));
        Difference difference = outcome.difference.get();
        if (difference != null) {
            show(difference, new EventText(names, true));
            return status(ExitStatus.FAILED, difference.ending());
        }
        tell(outcome);
        return status(status, outcome.ending);
    }

    /** Of a recording that is not whole nobody knows what the rest would have shown: it is never a pass. */
    private static int status(int ifWhole, String ending) {
        return ending.isEmpty() ? ifWhole : ExitStatus.BAD_INPUT;
    }

    private void tell(Outcome outcome) {
        String result = outcome.result.get();
        if (invocation.json()) {
            String ending = outcome.ending;
            Json.line(invocation.out(), Json.object("type", "replay", "different", false, "result", result, "whole", ending.isEmpty(),
                    "ending", ending));
        } else {
            invocation.out().println(result);
        }
    }

    private void show(Difference difference, EventText text) {
        if (invocation.json()) {
            Json.line(invocation.out(),
                    Json.object("type", "difference", "number", difference.number(), "nanos", difference.nanos(), "thread",
                            difference.thread(),
                            "what", difference.what(), "ending", difference.ending(), "recorded", recorded(difference, text), "seen",
                            seen(difference, text)));
            return;
        }
        String word = difference.ending().isEmpty() ? "different" : "cut short";
        invocation.out().println(invocation.terminal().paint(Colour.BAD, word) + "  record %d, at %,d ns, thread %d: %s".formatted(
                difference.number(), difference.nanos(), difference.thread(), difference.what()));
        invocation.out().println("  recorded: " + recorded(difference, text));
        invocation.out().println("  seen:     " + seen(difference, text));
    }

    private static String recorded(Difference difference, EventText text) {
        RecordedEvent event = difference.recorded();
        return event == null ? Difference.END : event.kind().word() + " " + text.detail(event);
    }

    private static String seen(Difference difference, EventText text) {
        RecordedEvent event = difference.seen();
        return event == null ? "nothing" : event.kind().word() + " " + text.asked(event);
    }

    /** Thread-safe: any thread of the program may find the difference. */
    private static final class Outcome implements ReplayWatch {
        private final AtomicReference<@Nullable Difference> difference = new AtomicReference<>();
        private final AtomicReference<String> result = new AtomicReference<>(
                "the command ended without closing the device: nothing is known of the rest");
        private volatile String ending = "";

        @Override
        public void differs(Difference first) {
            difference.set(first);
        }

        @Override
        public void ended(long records, String how) {
            ending = how;
            result.set("%,d records replayed, no difference%s".formatted(records, how.isEmpty() ? "" : "; the recording " + how));
        }
    }
}
