package dev.openppu.model.boot;

import dev.openppu.abi.firmware.FirmwareImage;

/** The firmware processor as the boot ROM sees it. */
public interface FirmwareLauncher {
    /** Enters a verified image. Whether anything sensible runs then shows only when it reports itself. */
    void enter(FirmwareImage image);

    /** Holds the processor in reset. */
    void halt();
}
