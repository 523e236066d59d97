package dev.openppu.bench.line;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.HelloWorld;
import dev.openppu.bench.host.Launch;
import java.util.ArrayList;
import java.util.List;

/** {@code ppu list} from start to end of its process, beside the same of a Java hello world; milliseconds. */
final class ColdListContest implements Contest {
    private final List<String> command;
    private final HelloWorld hello = new HelloWorld();

    /** @param ppu the command that is {@code ppu} here */
    ColdListContest(List<String> ppu) {
        command = new ArrayList<>(ppu);
        command.add("list");
    }

    @Override
    public Round java() {
        return Round.withoutAllocation(Launch.millis(command));
    }

    @Override
    public double[] c() {
        return new double[]{hello.millis()};
    }

    /** Hello world is Java's. */
    @Override
    public boolean comparable() {
        return true;
    }

    @Override
    public void close() {
        hello.close();
    }
}
