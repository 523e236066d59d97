package dev.openppu.cli.command;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.driver.owner.Probe;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;

import picocli.CommandLine.Option;

/** How a command that looks at registers wants its device. */
final class DeviceChoice {
    @Option(names = "--boot", description = "Bring the device up first; otherwise only its boot ROM runs.")
    private boolean boot;

    OpenDevice open(GlobalOptions options) {
        if (boot) {
            Ppu ppu = Ppu.open(options.deviceUri(), PpuOptions.defaults());
            return new OpenDevice(ppu.link(), ppu::close);
        }
        DeviceLink link = Links.open(options.deviceUri());
        try {
            Probe.of(link);
            new PciFunction(link).enableMemory();
            return new OpenDevice(link, link::close);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }
}
