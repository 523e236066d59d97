package dev.openppu.bench.host;

import dev.openppu.twin.CpuAffinity;
import dev.openppu.twin.TwinLibrary;
import java.util.List;

/**
 * Where host and device run: on CPUs of their own where there are two, so that no scheduler's whim is measured.
 *
 * @param host CPU of the host's thread, or -1 for anywhere
 * @param device CPU of the device's thread, or -1 for anywhere
 */
public record Cpus(int host, int device) {

    /** As this process may use them. */
    public static Cpus ofProcess() {
        if (TwinLibrary.absence().isPresent()) {
            return new Cpus(-1, -1);
        }
        List<Integer> allowed = CpuAffinity.allowed();
        return allowed.size() < 2 ? new Cpus(-1, -1) : new Cpus(allowed.get(0), allowed.get(1));
    }

    /** Keeps the calling thread on the host's CPU. */
    public CpuAffinity.Pin pinHost() {
        return host < 0 ? () -> {} : CpuAffinity.pin(host);
    }
}
