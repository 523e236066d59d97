package dev.openppu.cli.command;

import dev.openppu.cli.console.Json;
import dev.openppu.driver.PpuInfo;

import java.util.Map;

/** A device's identity for programs. */
final class InfoDocument {
    private InfoDocument() {}

    static Map<String, Object> of(PpuInfo info) {
        return Json.object("product", info.product(), "serial", Json.hex(info.serial()), "uri", info.link().uri(), "address",
                info.link().address(),
                "simulated", info.link().simulated(), "abi", info.abi().toString(), "bootRom", info.romVersion().toString(),
                "firmware", info.firmwareVersion().toString(), "messageAbi", info.messageAbi().toString(), "memoryBytes",
                info.memoryBytes(),
                "queues", info.queues(), "copyEngines", info.copyEngines(), "computeUnits", info.computeUnits(), "computeEngines",
                info.computeEngines(),
                "icnLinks", info.icnLinks(), "contexts", info.contexts(), "virtualAddressBits", info.virtualAddressBits(), "vectors",
                info.vectors(),
                "capabilities", capabilities(info.capabilities()));
    }

    static Map<String, Object> capabilities(PpuInfo.Capabilities blocks) {
        return Json.object("queues", blocks.queues(), "copy", blocks.copy(), "compute", blocks.compute(), "mmu", blocks.mmu(), "scrub",
                blocks.scrub(),
                "ecc", blocks.ecc(), "icn", blocks.icn(), "power", blocks.power(), "perf", blocks.perf(), "errorLog", blocks.errorLog());
    }
}
