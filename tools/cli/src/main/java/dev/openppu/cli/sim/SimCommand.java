package dev.openppu.cli.sim;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.BuildVersion;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Table;
import dev.openppu.harness.ledger.Header;
import dev.openppu.harness.sim.Campaign;
import dev.openppu.harness.sim.CampaignListener;
import dev.openppu.harness.sim.CampaignResult;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.SeedRange;
import dev.openppu.harness.sim.Shrinker;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ppu sim}: many simulated lives of a device, with faults, held to invariants. */
@Command(name = "sim", sortOptions = false, description = "Lives many lives of a device under the simulated clock, each from one seed: boot, several programs at work, faults, shutdown. "
        + "Whatever goes wrong, a set of invariants holds; a life in which one does not is printed with the command that repeats it. Status 0 only if all lives passed.", footerHeading = "%nExamples:%n", footer = {
            "  ppu sim --seeds 1..10000", "  ppu sim --seeds 1..100000 --faults every --workload every",
            "  ppu sim --seeds 1..2000 --faults resets --workload streams --shrink",
            "  ppu sim --seeds 17 --script completion-lost@20", "  ppu sim --seeds 17 --explain --out explained", "  ppu sim --list"})
public final class SimCommand implements Callable<Integer> {
    private static final int MOST_LIVES_TO_SHRINK = 400;

    @Option(names = "--seeds", paramLabel = "N|FIRST..LAST", description = "Seeds of the lives; default 1..1000.")
    private String seeds = "1..1000";

    @Option(names = "--faults", paramLabel = "PROFILE", description = "What may go wrong; default all; every: another one each life. --list shows what there is.")
    private String faults = "all";

    @Option(names = "--workload", paramLabel = "NAME", description = "What the programs do; default all, which has every kind of step; every: something else each life.")
    private String workload = "all";

    @Option(names = "--profile", paramLabel = "NAME", description = "The model's profile; default zw810e.")
    private String profile = "zw810e";

    @Option(names = "--script", paramLabel = "POINT@PASSAGE[:DICE],…", description = "Exactly these faults, in place of those that the seed draws.")
    private @Nullable String script;

    @Option(names = "--only", paramLabel = "STEPS", description = "Only these steps of the programs: numbers and ranges, or none.")
    private @Nullable String only;

    @Option(names = "--shard", paramLabel = "K/N", description = "Only the K-th of N shares of the seeds.")
    private @Nullable String shard;

    @Option(names = "--threads", paramLabel = "N", description = "Lives at once; default: as many as there are processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--failures", paramLabel = "N", description = "No more lives begin after so many failures; default 10.")
    private int failures = 10;

    @Option(names = "--shrink", description = "Makes the first failure as small as it gets; not that of a life that does not end.")
    private boolean shrink;

    @Option(names = "--out", paramLabel = "FILE", description = "Appends a line for each life: what ppu report merge puts together. With --explain: a folder for a page and a trace for Perfetto.")
    private @Nullable Path out;

    @Option(names = "--resume", description = "Goes on with the --out file of the same campaign, if it is there: seeds in it are not lived again.")
    private boolean resume;

    @Option(names = "--report", paramLabel = "DIR", description = "Writes report.html (with the last events of the first failures), junit.xml and report.json into DIR, and the line of each life, unless --out says where.")
    private @Nullable Path report;

    @Option(names = "--explain", description = "Draws the last events of host and device, of the one life that --seeds names, on one time line.")
    private boolean explain;

    @Option(names = "--events", paramLabel = "N", description = "How many events --explain draws; default 60.")
    private int events = 60;

    @Option(names = "--list", description = "Shows profiles of faults, fault points and workloads, and does nothing.")
    private boolean list;

    @Option(names = "--self-test", description = "Plants bugs in driver and model, one after the other, and lives until each is found: status 0 only if all are, and only because of them.")
    private boolean selfTest;

    @Option(names = "--bug", paramLabel = "NAME", description = "Only this bug of the self-test; --self-test --list shows what there is.")
    private @Nullable String bug;

    @Option(names = "--without", paramLabel = "INVARIANT", hidden = true, description = "Not held to this invariant: what the others see is what is found.")
    private @Nullable String without;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Invocation invocation;

    public SimCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (selfTest) {
            Spelling.refuse(spec, "--self-test decides which lives it lives, and", "--seeds", "--faults", "--workload", "--profile",
                    "--script",
                    "--only", "--shard", "--threads", "--failures", "--shrink", "--out", "--resume", "--report", "--explain", "--events",
                    "--without");
            invocation.options().demandNoDevice("--bug", "--bug");
            return new SelfTestRun(invocation, bug).call(list);
        }
        if (list) {
            printLists();
            return ExitStatus.OK;
        }
        invocation.options().demandNoDevice("--seeds", "--profile");
        Spelling.refuse(spec, "a campaign without --self-test", "--bug");
        if (explain) {
            Spelling.refuse(spec, "--explain draws one life, as it is, and", "--shrink", "--resume", "--report", "--failures", "--shard");
        } else {
            Spelling.refuse(spec, "a campaign without --explain", "--events");
        }
        Spelling.requirePositive("--threads", threads);
        Spelling.requirePositive("--failures", failures);
        Spelling.requirePositive("--events", events);
        if (resume && out == null && report == null) {
            throw new BadInputException("--resume goes on with a file: name it by --out, or its folder by --report");
        }
        System.setProperty("jdk.virtualThreadScheduler.parallelism", Integer.toString(threads)); // read when the first virtual thread begins
        String device = Spelling.device(profile);
        SeedRange range = Spelling.spelled(() -> shard == null ? SeedRange.parse(seeds) : SeedRange.parse(seeds).share(shard));
        Campaign campaign = new Campaign(device, range,
                Spelling.named("profile of faults", faults, andEvery(FaultProfile.all(), FaultProfile.EVERY), FaultProfile::name),
                Spelling.named("workload", workload, andEvery(Workload.all(), Workload.EVERY), Workload::name),
                Spelling.spelled(() -> Optional.ofNullable(script).map(Strike::parse)),
                Spelling.spelled(() -> Optional.ofNullable(only).map(StepSet::parse)), rules(), failures);
        demandSteps(campaign);
        if (explain) {
            return new ExplanationRun(invocation, out, events).run(campaign);
        }
        return invocation.json() ? runForPrograms(campaign) : runForPeople(campaign);
    }

    private int runForPeople(Campaign campaign) throws IOException {
        SimText text = new SimText(invocation.terminal(), campaign.seeds().count());
        CampaignRun.Outcome outcome = live(campaign, text);
        CampaignResult result = outcome.result();
        if (shrink && result.failed() > 0 && result.failures().getFirst().ended()) {
            Shrinker shrinker = new Shrinker(MOST_LIVES_TO_SHRINK, text::shrinking);
            LifeResult smallest = shrinker.shrink(result.failures().getFirst());
            text.shrunk(smallest, shrinker.lives());
        }
        text.print(outcome);
        if (outcome.page() != null) {
            invocation.out().println("page:  " + outcome.page());
        }
        return outcome.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private int runForPrograms(Campaign campaign) throws IOException {
        SimJson json = new SimJson(invocation.out());
        CampaignRun.Outcome outcome = live(campaign, json);
        CampaignResult result = outcome.result();
        if (shrink && result.failed() > 0 && result.failures().getFirst().ended()) {
            json.shrunk(new Shrinker(MOST_LIVES_TO_SHRINK, smaller -> {}).shrink(result.failures().getFirst()));
        }
        json.print(outcome);
        return outcome.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private CampaignRun.Outcome live(Campaign campaign, CampaignListener listener) throws IOException {
        if (report == null) {
            return out == null
                    ? new CampaignRun.Outcome(campaign.run(threads, listener), List.of(), null)
                    : new CampaignRun(campaign, threads, out, resume).run(listener);
        }
        CampaignReport written = out == null
                ? CampaignReport.in(report, Header.of(campaign, BuildVersion.current()), resume)
                : new CampaignReport(report, out);
        CampaignRun.Outcome outcome = new CampaignRun(campaign, threads, written.lives(), resume).run(listener);
        return outcome.withPage(written.write(outcome.result()));
    }

    private static void demandSteps(Campaign campaign) {
        int steps = campaign.workload().mostSteps();
        campaign.only().filter(wanted -> wanted.numbers().length() > steps).ifPresent(wanted -> {
            throw new BadInputException(
                    "--only %s: a life of workload %s has the steps 0 to %d".formatted(wanted, campaign.workload().name(),
                            steps - 1));
        });
    }

    private static <T> List<T> andEvery(List<T> all, T every) {
        return Stream.concat(all.stream(), Stream.of(every)).toList();
    }

    private Rules rules() {
        if (without == null) {
            return Rules.ALL;
        }
        if (out != null) {
            throw new BadInputException("--out: a file of lives is of lives that are held to everything; leave --without out");
        }
        return Rules.without(Spelling.named("invariant", without, List.of(Invariant.values()), Invariant::id));
    }

    private void printLists() {
        Table profiles = new Table("FAULTS", "WHAT", "POINTS");
        FaultProfile.all().forEach(each -> profiles.row(each.name(), each.description(),
                each.points().size() == FaultPoint.values().length
                        ? "all"
                        : String.join(" ", each.points().stream().map(FaultPoint::id).toList())));
        profiles.row(FaultProfile.EVERY.name(), FaultProfile.EVERY.description(), "");
        profiles.print(invocation.out(), "");
        invocation.out().println();
        Table points = new Table("POINT", "WHAT GOES WRONG");
        for (FaultPoint point : FaultPoint.values()) {
            points.row(point.id(), point.text());
        }
        points.print(invocation.out(), "");
        invocation.out().println();
        Table workloads = new Table("WORKLOAD", "WHAT", "PROGRAMS", "STEPS");
        Workload.all().forEach(
                each -> workloads.row(each.name(), each.description(), Integer.toString(each.tenants()), Integer.toString(each.steps())));
        workloads.row(Workload.EVERY.name(), Workload.EVERY.description(), "", "");
        workloads.print(invocation.out(), "");
    }
}
