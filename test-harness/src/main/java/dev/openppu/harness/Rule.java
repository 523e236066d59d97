package dev.openppu.harness;

/**
 * What a case holds the device to.
 *
 * @param text the rule in one sentence
 * @param source where it stands: a standard's clause, a section of {@code docs/device.md}, a fact's section
 */
public record Rule(String text, String source) {
    /** A rule of OpenPPU's programming guide. */
    public static Rule guide(int section, String text) {
        return new Rule(text, "docs/device.md §" + section);
    }

    /** A rule of the register map. */
    public static Rule map(String text) {
        return new Rule(text, "ppu.rdl");
    }

    /** A rule of the HSA Runtime Programmer's Reference Manual. */
    public static Rule hsaRuntime(String clause, String text) {
        return new Rule(text, "HSA Runtime 1.2, " + clause);
    }

    /** A rule of the PCI Express Base Specification. */
    public static Rule pcie(String clause, String text) {
        return new Rule(text, "PCIe 6.0, " + clause);
    }
}
