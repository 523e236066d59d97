package dev.openppu.driver;

/** Stages of a bring-up, in order. */
public enum BringUpStage {
    /** Config space: ids, capabilities, ABI version. */
    ENUMERATE("enumeration"),
    /** Reset and the waits that PCIe asks for. */
    RESET("reset"),
    /** The boot ROM initialises itself. */
    BOOT_ROM("boot ROM"),
    /** The image gets into device memory or is fetched from the host. */
    FIRMWARE_LOAD("firmware load"),
    /** The ROM verifies its copy. */
    FIRMWARE_VERIFY("firmware verification"),
    /** The firmware is entered and reports itself. */
    FIRMWARE_RUN("firmware start"),
    /** MSI-X vectors. */
    INTERRUPTS("interrupts"),
    /** Message rings and version agreement. */
    MESSAGE_CHANNEL("message channel"),
    /** Device memory and address spaces. */
    MEMORY("memory"),
    /** Hardware queues. */
    QUEUES("queues");

    private final String title;

    BringUpStage(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
