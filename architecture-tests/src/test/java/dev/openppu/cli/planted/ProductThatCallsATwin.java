package dev.openppu.cli.planted;

import dev.openppu.twin.CpuAffinity;
import java.util.List;

/** Planted: a part of the product that uses what is there for measuring. */
public final class ProductThatCallsATwin {
    public List<Integer> cpus() {
        return CpuAffinity.allowed();
    }
}
