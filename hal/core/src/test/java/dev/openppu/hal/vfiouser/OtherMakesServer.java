package dev.openppu.hal.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.PassedDescriptors;
import dev.openppu.hal.posix.socket.UnixSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Behaves as libvfio-user does with the devices of its samples, in bytes and habits written here from its protocol text and its behaviour, without this project's codec: lengths that must be
 * exact or may be longer, messages taken with one call for the header and one for the rest, BARs of any size, registers of BARs that are not there reading 1, ENOSPC instead of too many
 * descriptors, success without payload where a device has no DMA.
 */
final class OtherMakesServer implements AutoCloseable {
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int CONFIG = 7;
    private static final int HEADER = 16;
    private static final int MOST = (1 << 20) + 32;
    private static final int NO_REPLY = 0x10;

    final List<String> strange = new CopyOnWriteArrayList<>();
    final List<Integer> messageSizes = new CopyOnWriteArrayList<>();
    final List<Integer> resets = new CopyOnWriteArrayList<>();
    private final UnixSocket socket;
    private final Device device;
    private final MemorySegment config;
    private final MemorySegment in = Arena.ofAuto().allocate(MOST, 8);
    private final MemorySegment out = Arena.ofAuto().allocate(MOST, 8);
    private final PassedDescriptors passed = new PassedDescriptors(8);
    private final Thread thread;
    private int clientDescriptors = 1;

    /** A BAR's or another region's contents. */
    interface Access {
        /** @return whether it was done */
        boolean access(MemorySegment data, long offset, boolean write);
    }

    /**
     * A region.
     *
     * @param memory of memory space, rather than ports
     * @param areas that can be mapped, offset and size each
     * @param file of those, -1 if there is none
     */
    record Region(long size, boolean memory, Access access, long[][] areas, int file) {}

    /**
     * A sample.
     *
     * @param irqs how many of each kind there are, INTx first
     * @param dma whether it keeps track of DMA ranges
     */
    record Device(int vendor, int id, Map<Integer, Region> regions, int regionCount, int configBytes, int[] irqs, boolean dma) {}

    OtherMakesServer(UnixSocket socket, Device device) {
        this.socket = socket;
        this.device = device;
        this.config = Arena.ofAuto().allocate(device.configBytes, 8);
        config.set(JAVA_INT_UNALIGNED, 0, device.id << 16 | device.vendor);
        for (int bar = 0; bar < 6; bar++) {
            Region region = device.regions.get(bar);
            config.set(JAVA_INT_UNALIGNED, 0x10 + 4 * bar, region != null && region.memory ? 0 : 1);
        }
        config.set(JAVA_BYTE, 0x3d, (byte) (device.irqs[0] > 0 ? 1 : 0));
        thread = Thread.ofPlatform().daemon().name("other-makes-server").start(this::run);
    }

    private void run() {
        try {
            while (socket.receive(in, 0, HEADER, passed) == HEADER) {
                int size = in.get(JAVA_INT_UNALIGNED, 4);
                messageSizes.add(size);
                if (size > HEADER && socket.receive(in, HEADER, size - HEADER, null) != size - HEADER) {
                    strange.add("a message of %d bytes did not come with one call".formatted(size));
                    return;
                }
                handle(Short.toUnsignedInt(in.get(JAVA_SHORT_UNALIGNED, 2)), size - HEADER);
                passed.clear();
            }
        } catch (PosixException e) {
            // the client has gone
        } catch (RuntimeException e) {
            strange.add(e.toString());
        } finally {
            socket.close();
        }
    }

    private void handle(int command, int bytes) {
        if (bytes == 0 && command != 13) {
            error(EINVAL);
            return;
        }
        switch (command) {
            case 1 -> version(bytes);
            case 2 -> reply(0);
            case 3 -> unmap(bytes);
            case 4 -> deviceInfo(bytes);
            case 5 -> regionInfo(bytes);
            case 7 -> irqInfo(bytes);
            case 8 -> setIrqs(bytes);
            case 9, 10 -> regionAccess(command == 10, bytes);
            case 13 -> {
                resets.add(1);
                reply(0);
            }
            default -> error(EINVAL);
        }
    }

    private int u32(int payloadOffset) {
        return in.get(JAVA_INT_UNALIGNED, HEADER + payloadOffset);
    }

    private void put(int payloadOffset, int value) {
        out.set(JAVA_INT_UNALIGNED, HEADER + payloadOffset, value);
    }

    private void version(int bytes) {
        if (bytes < 4 || in.get(JAVA_SHORT_UNALIGNED, HEADER) != 0 || bytes > 4 && in.get(JAVA_BYTE, HEADER + bytes - 1) != 0) {
            error(EINVAL);
            return;
        }
        String client = new String(in.asSlice(HEADER + 4, Math.max(0, bytes - 5)).toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
        int at = client.indexOf("\"max_msg_fds\":");
        clientDescriptors = at < 0 ? 1 : Integer.parseInt(client.substring(at + 14).replaceAll("[^0-9].*", ""));
        byte[] text = "{ \"capabilities\": { \"max_msg_fds\": 8, \"max_data_xfer_size\": 1048576, \"migration\": { \"pgsize\": 4096 } } }\0"
                .getBytes(StandardCharsets.US_ASCII);
        put(0, 0);
        MemorySegment.copy(text, 0, out, JAVA_BYTE, HEADER + 4, text.length);
        reply(4 + text.length);
    }

    private void unmap(int bytes) {
        if (!device.dma) {
            reply(0);
        } else if (bytes < 24 || u32(0) < 24) {
            error(EINVAL);
        } else {
            MemorySegment.copy(in, HEADER, out, HEADER, 24);
            reply(24);
        }
    }

    private void deviceInfo(int bytes) {
        if (bytes < 16 || u32(0) < 16) {
            error(EINVAL);
            return;
        }
        put(0, 16);
        put(4, 3);
        put(8, device.regionCount);
        put(12, 5);
        reply(16);
    }

    private void regionInfo(int bytes) {
        int index = u32(8);
        int argsz = u32(0);
        if (bytes < 32 || argsz < 32 || index < 0 || index >= device.regionCount) {
            error(EINVAL);
            return;
        }
        Region region = region(index);
        boolean areas = region.areas.length > 0;
        int needed = 32 + (areas ? 16 + 16 * region.areas.length : 0);
        boolean fits = areas && argsz >= needed;
        if (fits && region.areas.length > clientDescriptors) {
            error(ENOSPC);
            return;
        }
        put(0, needed);
        put(4, (region.size > 0 ? 3 : 0) | (region.file < 0 ? 0 : 4) | (fits ? 8 : 0));
        put(8, index);
        put(12, fits ? 32 : 0);
        out.set(JAVA_LONG_UNALIGNED, HEADER + 16, region.size);
        out.set(JAVA_LONG_UNALIGNED, HEADER + 24, 0);
        if (!fits) {
            reply(32);
            return;
        }
        put(32, 1 << 16 | 1);
        put(36, 0);
        put(40, region.areas.length);
        put(44, 0);
        List<Integer> files = new ArrayList<>();
        for (int i = 0; i < region.areas.length; i++) {
            out.set(JAVA_LONG_UNALIGNED, HEADER + 48 + 16 * i, region.areas[i][0]);
            out.set(JAVA_LONG_UNALIGNED, HEADER + 56 + 16 * i, region.areas[i][1]);
            files.add(region.file);
        }
        reply(needed, files.stream().mapToInt(Integer::intValue).toArray());
    }

    private Region region(int index) {
        return index == CONFIG
                ? new Region(device.configBytes, true, this::configAccess, new long[0][], -1)
                : device.regions.getOrDefault(index, new Region(0, false, (_, _, _) -> false, new long[0][], -1));
    }

    private void irqInfo(int bytes) {
        if (bytes != 16 || u32(0) != 16 || u32(8) < 0 || u32(8) > 4) {
            error(EINVAL);
            return;
        }
        put(0, 16);
        put(4, 1);
        put(8, u32(8));
        put(12, device.irqs[u32(8)]);
        reply(16);
    }

    private void setIrqs(int bytes) {
        int index = u32(8);
        boolean descriptors = (u32(4) & 4) != 0;
        if (bytes != u32(0) || index < 0 || index > 4 || u32(12) + u32(16) > device.irqs[index]
                || descriptors && passed.count() != u32(16)) {
            error(EINVAL);
            return;
        }
        reply(0);
    }

    private void regionAccess(boolean write, int bytes) {
        long offset = in.get(JAVA_LONG_UNALIGNED, HEADER);
        int index = u32(8);
        int count = u32(12);
        if (bytes < 16 || index < 0 || index >= device.regionCount || write && bytes - 16 != count || offset < 0
                || offset + count > region(index).size) {
            error(EINVAL);
            return;
        }
        if (write && (in.get(JAVA_INT_UNALIGNED, 8) & NO_REPLY) != 0) {
            strange.add("a write that nobody waits for, though write_multiple was not offered");
        }
        MemorySegment.copy(in, HEADER, out, HEADER, 16);
        MemorySegment data = write ? in.asSlice(HEADER + 16, count) : out.asSlice(HEADER + 16, count);
        if (!region(index).access.access(data, offset, write)) {
            error(EINVAL);
            return;
        }
        reply(write ? 16 : 16 + count);
    }

    /** Of the header only the registers that software programs can be written, each by an access of its own width. */
    private boolean configAccess(MemorySegment data, long offset, boolean write) {
        if (!write) {
            MemorySegment.copy(config, offset, data, 0, data.byteSize());
            return true;
        }
        if (offset == 4 && data.byteSize() == 2) {
            int command = data.get(JAVA_SHORT_UNALIGNED, 0);
            config.set(JAVA_SHORT_UNALIGNED, 4, (short) (command & 0x517));
            return (command & ~0x537) == 0;
        }
        if (offset >= 0x10 && offset < 0x28 && data.byteSize() == 4) {
            bar((int) (offset - 0x10) / 4, data.get(JAVA_INT_UNALIGNED, 0));
            return true;
        }
        return offset == 6 || offset == 0x3c;
    }

    private void bar(int index, int value) {
        Region region = region(index);
        if (region.size > 0) {
            int address = value == -1 ? (int) -region.size : value;
            config.set(JAVA_INT_UNALIGNED, 0x10 + 4 * index, address | (region.memory ? 0 : 1));
        }
    }

    private void error(int errno) {
        header(0, 0x21, errno);
        if ((in.get(JAVA_INT_UNALIGNED, 8) & NO_REPLY) == 0) {
            socket.send(out, HEADER);
        }
    }

    private void reply(int bytes, int... descriptors) {
        header(bytes, 1, 0);
        if ((in.get(JAVA_INT_UNALIGNED, 8) & NO_REPLY) == 0) {
            socket.send(out, HEADER + bytes, descriptors);
        }
    }

    private void header(int bytes, int flags, int error) {
        out.set(JAVA_INT_UNALIGNED, 0, in.get(JAVA_INT_UNALIGNED, 0));
        out.set(JAVA_INT_UNALIGNED, 4, HEADER + bytes);
        out.set(JAVA_INT_UNALIGNED, 8, flags);
        out.set(JAVA_INT_UNALIGNED, 12, error);
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        passed.close();
    }

    /** Regions by index. */
    static Map<Integer, Region> regions(Object... indicesAndRegions) {
        Map<Integer, Region> regions = new TreeMap<>();
        for (int i = 0; i < indicesAndRegions.length; i += 2) {
            regions.put((Integer) indicesAndRegions[i], (Region) indicesAndRegions[i + 1]);
        }
        return regions;
    }
}
