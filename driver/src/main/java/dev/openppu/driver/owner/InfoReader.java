package dev.openppu.driver.owner;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.PpuInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads what a device says of itself. */
final class InfoReader {
    private static final int MOST_CONTEXTS = PpuBar0Regs.CONTEXT_COUNT;
    private static final int MOST_QUEUES = PpuBar0Regs.QUEUE_COUNT;

    private InfoReader() {}

    static PpuInfo read(DeviceAccess device, PpuInfo.Version firmware, PpuInfo.Version messageAbi) {
        IdRegs id = device.registers().id();
        int counts = device.checked(id.readCounts());
        int compute = device.checked(id.readComputeCounts());
        int mmu = device.checked(id.readMmuCounts());
        int abi = device.checked(id.readAbiVersion());
        int queues = bounded(device, "queues", IdRegs.Counts.queues(counts), MOST_QUEUES);
        int contexts = bounded(device, "contexts", IdRegs.MmuCounts.contexts(mmu), MOST_CONTEXTS);
        return new PpuInfo(device.link().identity(), product(id), id.readSerial(),
                new PpuInfo.Version(IdRegs.AbiVersion.major(abi), IdRegs.AbiVersion.minor(abi), 0),
                romVersion(device), firmware, messageAbi, device.checked(device.registers().memory().readSize()), queues,
                IdRegs.Counts.copyEngines(counts),
                IdRegs.ComputeCounts.units(compute), IdRegs.ComputeCounts.engines(compute), IdRegs.Counts.icnLinks(counts), contexts,
                IdRegs.MmuCounts.vaBits(mmu), IdRegs.Counts.vectors(counts), capabilities(device.checked(id.readCapabilities())));
    }

    static PpuInfo.Version romVersion(DeviceAccess device) {
        int version = device.checked(device.registers().boot().readRomVersion());
        return new PpuInfo.Version(BootRegs.RomVersion.major(version), BootRegs.RomVersion.minor(version), 0);
    }

    private static int bounded(DeviceAccess device, String what, int value, int most) {
        if (value > most) {
            throw device.nonsense("identity", "it claims %d %s; its registers have room for %d".formatted(value, what, most));
        }
        return value;
    }

    private static String product(IdRegs id) {
        ByteBuffer chars = ByteBuffer.allocate(IdRegs.PRODUCT_COUNT * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < IdRegs.PRODUCT_COUNT; i++) {
            chars.putInt(id.readProduct(i));
        }
        String text = new String(chars.array(), StandardCharsets.US_ASCII);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static PpuInfo.Capabilities capabilities(int raw) {
        return new PpuInfo.Capabilities(IdRegs.Capabilities.queues(raw), IdRegs.Capabilities.copy(raw), IdRegs.Capabilities.compute(raw),
                IdRegs.Capabilities.mmu(raw), IdRegs.Capabilities.scrub(raw), IdRegs.Capabilities.ecc(raw), IdRegs.Capabilities.icn(raw),
                IdRegs.Capabilities.power(raw),
                IdRegs.Capabilities.perf(raw), IdRegs.Capabilities.errorLog(raw), IdRegs.Capabilities.flash(raw));
    }
}
