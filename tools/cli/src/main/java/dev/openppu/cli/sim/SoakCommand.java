package dev.openppu.cli.sim;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.SoakResult;
import dev.openppu.harness.sim.SoakSpec;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.sim.Chance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ppu soak}: one device in real time, with faults, for as long as one likes. */
@Command(name = "soak", sortOptions = false, description = "Works on one device in real time, round after round, with threads that really run at once and every fault that there is. Holds it to the "
        + "invariants of ppu sim, and looks for what grows: threads, descriptors, mappings, memory. The first failure ends it; it does not come again by a seed. Status 0 only if all held and "
        + "nothing grew.", footerHeading = "%nExamples:%n", footer = {"  ppu soak", "  ppu soak --minutes 480 --faults resets",
            "  ppu soak --minutes 1 --workload streams --json"})
public final class SoakCommand implements Callable<Integer> {
    @Option(names = "--minutes", paramLabel = "N", description = "How long; default 30.")
    private int minutes = 30;

    @Option(names = "--seconds", paramLabel = "N", description = "How long, in place of --minutes.")
    private @Nullable Integer seconds;

    @Option(names = "--work-seed", paramLabel = "N", description = "Decides work and faults, but not the order of events; default: a fresh one.")
    private @Nullable Long workSeed;

    @Option(names = "--faults", paramLabel = "PROFILE", description = "What may go wrong; default all. ppu sim --list shows what there is.")
    private String faults = "all";

    @Option(names = "--workload", paramLabel = "NAME", description = "What the programs do; default: each workload in turn.")
    private @Nullable String workload;

    @Option(names = "--profile", paramLabel = "NAME", description = "The model's profile; default zw810e.")
    private String profile = "zw810e";

    @Option(names = "--dumps", paramLabel = "FOLDER", description = "Where a dump of all threads goes on a failure, made if missing; default: the current folder.")
    private Path dumps = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Invocation invocation;

    public SoakCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        invocation.options().demandNoDevice("--work-seed", "--profile");
        Spelling.requirePositive("--minutes", minutes);
        if (seconds != null) {
            Spelling.refuse(spec, "a soak of --seconds", "--minutes");
            Spelling.requirePositive("--seconds", seconds);
        }
        Files.createDirectories(dumps.toAbsolutePath()); // known before the night, not behind it
        Duration length = seconds != null ? Duration.ofSeconds(seconds) : Duration.ofMinutes(minutes);
        Optional<Workload> one = Optional.ofNullable(workload)
                .map(name -> Spelling.named("workload", name, Workload.all(), Workload::name));
        SoakSpec soak = new SoakSpec(Spelling.device(profile), workSeed != null ? workSeed : Chance.freshSeed() >>> 32,
                Spelling.named("profile of faults", faults, FaultProfile.all(), FaultProfile::name), one, length, dumps);
        SoakResult result = invocation.json() ? new SoakJson(invocation.out()).run(soak) : new SoakText(invocation.terminal()).run(soak);
        return result.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
