package dev.openppu.cli.command;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;

import picocli.CommandLine.Option;

/** How a command that looks at registers wants its device. */
final class DeviceChoice {
    @Option(names = "--boot", description = "Bring the device up first; otherwise its boot ROM is all that runs.")
    private boolean boot;

    OpenDevice open(GlobalOptions options) {
        Ppu ppu = Ppu.open(options.deviceUri(), PpuOptions.defaults());
        return new OpenDevice(ppu.link(), ppu);
    }
}
