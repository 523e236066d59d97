package dev.openppu.driver.owner.dump;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A packet in words, and the virtual addresses in it. */
final class PacketText {
    private final MemorySegment packet;
    private final int word;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final List<Long> addresses = new ArrayList<>();

    /** @param packet 64 bytes, a copy */
    PacketText(MemorySegment packet) {
        this.packet = packet;
        this.word = AqlHeader.acquire(packet, 0);
        decode();
        members.put("raw", HexFormat.of().formatHex(packet.toArray(ValueLayout.JAVA_BYTE)));
    }

    Map<String, Object> members() {
        return members;
    }

    /** Virtual addresses that the packet names, without 0. */
    List<Long> addresses() {
        return addresses;
    }

    private void decode() {
        switch (AqlHeader.type(word)) {
            case AqlHeader.TYPE_VENDOR -> vendor();
            case AqlHeader.TYPE_KERNEL_DISPATCH -> dispatch();
            case AqlHeader.TYPE_BARRIER_AND -> barrier("BARRIER_AND");
            case AqlHeader.TYPE_BARRIER_OR -> barrier("BARRIER_OR");
            case AqlHeader.TYPE_INVALID -> {
                members.put("type", "INVALID");
                return;
            }
            default -> members.put("type", "unknown type " + AqlHeader.type(word));
        }
        members.put("barrier", AqlHeader.barrier(word));
        members.put("acquire", AqlHeader.acquireScope(word));
        members.put("release", AqlHeader.releaseScope(word));
        address("signal", AqlHeader.completionSignal(packet, 0));
    }

    private void vendor() {
        switch (VendorPacket.format(word)) {
            case VendorPacket.FORMAT_COPY -> {
                members.put("type", "COPY");
                members.put("flags", CopyPacket.flags(packet, 0));
                address("source", CopyPacket.source(packet, 0));
                address("destination", CopyPacket.destination(packet, 0));
                members.put("length", CopyPacket.length(packet, 0));
            }
            case VendorPacket.FORMAT_FILL -> {
                members.put("type", "FILL");
                members.put("elementBytes", FillPacket.elementBytes(packet, 0));
                members.put("pattern", hex(FillPacket.pattern(packet, 0)));
                address("destination", FillPacket.destination(packet, 0));
                members.put("elements", FillPacket.elements(packet, 0));
            }
            case VendorPacket.FORMAT_WAIT_VALUE -> {
                members.put("type", "WAIT_VALUE");
                members.put("control", hex(WaitValuePacket.control(packet, 0)));
                address("address", WaitValuePacket.address(packet, 0));
                members.put("reference", hex(WaitValuePacket.reference(packet, 0)));
            }
            case VendorPacket.FORMAT_WRITE_VALUE -> {
                members.put("type", "WRITE_VALUE");
                members.put("control", hex(WriteValuePacket.control(packet, 0)));
                address("address", WriteValuePacket.address(packet, 0));
                members.put("value", hex(WriteValuePacket.value(packet, 0)));
            }
            case VendorPacket.FORMAT_TIMESTAMP -> {
                members.put("type", "TIMESTAMP");
                address("address", TimestampPacket.address(packet, 0));
            }
            default -> members.put("type", "unknown vendor format " + VendorPacket.format(word));
        }
    }

    private void dispatch() {
        members.put("type", "KERNEL_DISPATCH");
        members.put("grid", List.of(KernelDispatchPacket.gridX(packet, 0), KernelDispatchPacket.gridY(packet, 0),
                KernelDispatchPacket.gridZ(packet, 0)));
        members.put("block",
                List.of(KernelDispatchPacket.blockX(packet, 0), KernelDispatchPacket.blockY(packet, 0),
                        KernelDispatchPacket.blockZ(packet, 0)));
        members.put("sharedBytes", KernelDispatchPacket.sharedBytes(packet, 0));
        address("kernel", KernelDispatchPacket.kernel(packet, 0));
        address("parameters", KernelDispatchPacket.parameters(packet, 0));
    }

    private void barrier(String type) {
        members.put("type", type);
        List<Long> dependencies = new ArrayList<>();
        for (int i = 0; i < BarrierPacket.DEPENDENCIES; i++) {
            dependencies.add(BarrierPacket.dependency(packet, 0, i));
        }
        members.put("dependencies", dependencies.stream().filter(d -> d != 0).map(PacketText::hex).collect(Collectors.toList()));
        dependencies.stream().filter(d -> d != 0).forEach(addresses::add);
    }

    private void address(String name, long value) {
        members.put(name, hex(value));
        if (value != 0) {
            addresses.add(value);
        }
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
