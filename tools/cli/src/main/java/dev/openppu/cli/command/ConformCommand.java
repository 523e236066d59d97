package dev.openppu.cli.command;

import dev.openppu.abi.error.HgResult;
import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.file.InputFile;
import dev.openppu.cli.rdl.MapOptions;
import dev.openppu.driver.DeviceRefusedException;
import dev.openppu.driver.owner.Probe;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.Links;
import dev.openppu.harness.Case;
import dev.openppu.harness.Repeater;
import dev.openppu.harness.ShellWord;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.Suites;
import dev.openppu.harness.compare.Comparison;
import dev.openppu.harness.cover.LinkWatch;
import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.registers.Exclusions;
import dev.openppu.harness.registers.MapReach;
import dev.openppu.harness.registers.MapUnderTest;
import dev.openppu.harness.registers.Presence;
import dev.openppu.harness.registers.RegisterSuite;
import dev.openppu.harness.report.ReportDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ppu conform}: the same tests on one device after the other, and what differs. */
@Command(name = "conform", sortOptions = false, description = "Runs suites of tests on each --device, one after the other, without a driver in between, and shows where they behave differently. "
        + "Status 0 only if all rules hold everywhere.", footerHeading = "%nExamples:%n", footer = {
            "  ppu conform --device model:zw810e --device native:libmydevice.so",
            "  ppu conform --suite queues,dma --device vfio-user:/run/ppu.sock",
            "  ppu conform --suite registers --map chip.rdl --device vfio:0000:01:00.0 --exclude chip.exclusions",
            "  ppu conform --suite all --list"})
public final class ConformCommand implements Callable<Integer> {
    private static final String REGISTERS = "registers";

    /** Suites whose cases say something of a function that is no PPU, too. */
    private static final Set<String> FOR_ANY_FUNCTION = Set.of(REGISTERS, "pci", "bringup");

    /** Options of links that name files which they write. */
    private static final Set<String> FILES = Set.of("record", "trace");

    private final Invocation invocation;

    @Option(names = "--suite", paramLabel = "NAME", split = ",", description = "Suites to run, or 'all'; default bringup.")
    private List<String> suites = new ArrayList<>();

    @Option(names = "--case", paramLabel = "ID", description = "Run only these cases; * stands for any text.")
    private List<String> cases = new ArrayList<>();

    @Option(names = "--list", description = "Show the suites, or with --suite their cases, and run nothing.")
    private boolean list;

    @Option(names = "--thorough", description = "Try everything, however long it takes.")
    private boolean thorough;

    @Option(names = "--random", paramLabel = "N", description = "Decides random values and orders of accesses; default 1. (--seed decides the order of a model's events.)")
    private long random = SuiteSettings.QUICK.seed();

    @Option(names = "--exclude", paramLabel = "FILE", description = "What the registers suite leaves out, a line each: PATH WHAT REASON.")
    private @Nullable Path exclude;

    @Option(names = "--report", paramLabel = "DIR", description = "Write report.html, junit.xml, report.json and trace.json into DIR, with several devices into DIR/1, DIR/2, and so on.")
    private @Nullable Path report;

    @Mixin
    private final MapOptions map = new MapOptions();

    public ConformCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        List<String> devices = invocation.options().deviceUris();
        Optional<MapUnderTest> described = map.map(devices.getFirst(), invocation.terminal().err());
        Suites known = known(described);
        if (list && suites.isEmpty()) {
            listSuites(known);
            return ExitStatus.OK;
        }
        Suite suite = suite(known);
        if (list) {
            listCases(suite);
            return ExitStatus.OK;
        }
        return run(suite, devices, described);
    }

    private int run(Suite suite, List<String> devices, Optional<MapUnderTest> described) throws IOException {
        ConformText progress = new ConformText(invocation.terminal(), suite);
        Function<DeviceLink, LinkWatch> watching = link -> described
                .map(of -> LinkWatch.of(link, new RegisterFields(of.bar(), of.map()))).orElseGet(() -> LinkWatch.ofPpu(link));
        List<SuiteReport> reports = new ArrayList<>();
        for (String device : devices) {
            try (DeviceLink link = Links.open(device)) {
                requireReach(described, link);
                requirePpu(link);
                reports.add(SuiteRunner.run(suite, link, watching,
                        invocation.json() ? progress.toErrors(device) : progress.listener(device)));
            }
            reports.add(new Repeater(() -> Links.open(unheard(device))).repeat(reports.removeLast()));
        }
        write(reports);
        Comparison comparison = new Comparison(suite, reports);
        if (invocation.json()) {
            ConformJson.print(comparison, invocation.out());
        } else {
            progress.print(comparison);
        }
        return comparison.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    /**
     * The device without what would be written over the files of its run.
     *
     * @throws LinkException if it is a recording: another order of cases parts from it
     */
    private static String unheard(String device) {
        LinkUri uri = LinkUri.parse(device);
        if (uri.scheme().equals("replay")) {
            throw new LinkException("a recording answers only what was asked of it");
        }
        return uri.without(FILES).toString();
    }

    /** A map that the BAR does not hold is nothing that a device could fail at. */
    private static void requireReach(Optional<MapUnderTest> described, DeviceLink link) {
        described.flatMap(wanted -> MapReach.refusal(wanted, link)).ifPresent(reason -> {
            throw new BadInputException(reason);
        });
    }

    /** What is no PPU at all refuses every case of most suites alike: that is a wrong device, and nothing to fail at. */
    private void requirePpu(DeviceLink link) {
        String needing = suites.stream().filter(name -> !FOR_ANY_FUNCTION.contains(name)).collect(Collectors.joining(", "));
        if (needing.isEmpty() || suites.contains(Suites.ALL)) {
            return;
        }
        try {
            Probe.of(link);
        } catch (DeviceRefusedException e) {
            if (e.hgresult() == HgResult.INVALID_DEVICE) {
                throw new BadInputException("%s cannot be tested with %s: %s".formatted(link.identity().uri(), needing, e.getMessage()), e);
            }
        }
    }

    private void write(List<SuiteReport> reports) throws IOException {
        Path directory = report;
        for (int i = 0; directory != null && i < reports.size(); i++) {
            Path own = reports.size() == 1 ? directory : directory.resolve(String.valueOf(i + 1));
            Files.createDirectories(own);
            new ReportDirectory(own).write(reports.get(i));
        }
    }

    // ---- what to run

    private Suites known(Optional<MapUnderTest> described) throws IOException {
        Exclusions exclusions = exclusions();
        if (described.isPresent()) {
            return Suites.ofPpu().with(new Suites.Named(REGISTERS, "Every register of " + described.get().source() + ", by every sequence",
                    settings -> new RegisterSuite(List.of(described.get()), exclusions, Presence.ALL, settings).stages()));
        }
        return Suites.ofPpu(exclusions);
    }

    /** What a map, or an exclusion, does not allow is the user's to mend. */
    private static <T> T built(Supplier<T> suite) {
        try {
            return suite.get();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private Exclusions exclusions() throws IOException {
        Path file = exclude;
        try {
            return file == null ? Exclusions.NONE : Exclusions.read(InputFile.require(file));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private Suite suite(Suites known) {
        List<String> names = suites.isEmpty() ? List.of("bringup") : suites;
        known.unknown(names).ifPresent(name -> {
            throw new BadInputException("there is no suite '%s'; there are %s and %s".formatted(name,
                    known.list().stream().map(Suites.Named::id).collect(Collectors.joining(", ")), Suites.ALL));
        });
        Suite suite = built(() -> known.of(names, new SuiteSettings(thorough, random), arguments()));
        if (cases.isEmpty()) {
            return suite;
        }
        Pattern wanted = Pattern
                .compile(cases.stream().map(id -> Pattern.quote(id).replace("*", "\\E.*\\Q")).collect(Collectors.joining("|")));
        Suite chosen = suite.only(subject -> wanted.matcher(subject.id()).matches(),
                cases.stream().map(id -> "--case " + ShellWord.quoted(id)).collect(Collectors.joining(" ")));
        if (chosen.size() == 0) {
            throw new BadInputException("no case of %s is called %s; --list shows them".formatted(suite.id(), String.join(" or ", cases)));
        }
        return chosen;
    }

    /** What makes the same suite again. */
    private String arguments() {
        List<String> given = new ArrayList<>();
        given.add(map.arguments());
        if (exclude != null) {
            given.add("--exclude " + ShellWord.of(exclude.toString()));
        }
        if (random != SuiteSettings.QUICK.seed()) {
            given.add("--random " + random);
        }
        if (thorough) {
            given.add("--thorough");
        }
        return given.stream().filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
    }

    // ---- what there is

    private void listSuites(Suites known) {
        SuiteSettings settings = new SuiteSettings(thorough, random);
        Table table = new Table("SUITE", "CASES", "SUBJECT");
        List<Object> documents = new ArrayList<>();
        for (Suites.Named suite : known.list()) {
            int size = built(() -> suite.stages().apply(settings)).stream().mapToInt(stage -> stage.cases().size()).sum();
            table.row(suite.id(), String.valueOf(size), suite.subject());
            documents.add(Json.object("suite", suite.id(), "cases", size, "subject", suite.subject()));
        }
        print(table, documents, "suites");
    }

    private void listCases(Suite suite) {
        Table table = new Table("CASE", "RULE", "SOURCE");
        List<Object> documents = new ArrayList<>();
        for (Case subject : suite.stages().stream().flatMap(stage -> stage.cases().stream()).toList()) {
            table.row(subject.id(), subject.rule().text(), subject.rule().source());
            documents.add(Json.object("case", subject.id(), "title", subject.title(), "rule", subject.rule().text(), "source",
                    subject.rule().source()));
        }
        print(table, documents, "cases");
    }

    private void print(Table table, List<Object> documents, String name) {
        if (invocation.json()) {
            Json.document(invocation.out(), Json.object(name, documents));
        } else {
            table.print(invocation.out(), "");
        }
    }
}
