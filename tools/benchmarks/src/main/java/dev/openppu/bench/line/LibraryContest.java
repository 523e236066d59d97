package dev.openppu.bench.line;

import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.jna.JnaLinkProvider;
import dev.openppu.hal.library.NativeLinkProvider;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.reference.ReferenceDevice;
import dev.openppu.twin.LibraryTwin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A register of the reference device read by a call into its library: through FFM beside C, and through JNA beside FFM. Nanoseconds. */
final class LibraryContest implements Contest {
    static final int ACCESSES = 200_000;
    /** Accesses of one call, so that the JIT compiles it as it compiles a driver's methods. */
    private static final int RUN = 1_000;
    private static final int REGISTERS = 0;

    private final DeviceLink foreign;
    private final DeviceLink jna;
    private final PpuBar0Regs foreignRegisters;
    private final PpuBar0Regs jnaRegisters;
    private final LibraryTwin twin;
    private double foreignNanos;
    private int sum;

    LibraryContest() {
        Path library = extract();
        try {
            foreign = open(new NativeLinkProvider(), library);
            jna = open(new JnaLinkProvider(), library);
            foreignRegisters = new PpuBar0Regs(foreign.bar(REGISTERS));
            jnaRegisters = new PpuBar0Regs(jna.bar(REGISTERS));
            twin = new LibraryTwin(library);
        } finally {
            delete(library);
        }
    }

    private static Path extract() {
        try {
            return ReferenceDevice.library().extract();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path library) {
        try {
            Files.deleteIfExists(library);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DeviceLink open(LinkProvider provider, Path library) {
        DeviceLink link = provider.open(LinkUri.parse(provider.scheme() + ":" + library));
        link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
        return link;
    }

    @Override
    public Round java() {
        long before = Allocation.bytes();
        foreignNanos = reads(foreignRegisters);
        double bytes = (double) (Allocation.bytes() - before) / ACCESSES;
        return Round.of(bytes, foreignNanos, reads(jnaRegisters));
    }

    private double reads(PpuBar0Regs registers) {
        long start = System.nanoTime();
        for (int i = 0; i < ACCESSES; i += RUN) {
            sum += run(registers);
        }
        return (double) (System.nanoTime() - start) / ACCESSES;
    }

    private static int run(PpuBar0Regs registers) {
        int read = 0;
        for (int i = 0; i < RUN; i++) {
            read += registers.id().readMagic();
        }
        return read;
    }

    @Override
    public double[] c() {
        double nanos = (double) twin.reads(REGISTERS, IdRegs.MAGIC_OFFSET, ACCESSES) / ACCESSES;
        sum += twin.sum();
        return new double[]{nanos, foreignNanos};
    }

    @Override
    public boolean comparable() {
        return true;
    }

    /** Uses what was read. */
    int sum() {
        return sum;
    }

    @Override
    public boolean busy() {
        return true;
    }

    @Override
    public void close() {
        twin.close();
        jna.close();
        foreign.close();
    }
}
