package dev.openppu.hal.vfiouser.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

/** Any bytes are a payload or a {@link ProtocolException}; a payload that is written again is the same. The first byte says of which kind. */
class PayloadFuzzTest {
    private static final long LONGEST = 1 << 20;
    private static final List<Function<MemorySegment, Payload>> DECODERS = List.of(Version::decode, DmaMap::decode, DmaUnmap::decode,
            DeviceInfo::decode, RegionInfo::decode, RegionInfo::decodeQuestion, RegionIoFds::decode, IrqInfo::decode, IrqSet::decode,
            p -> RegionAccess.decode(p, LONGEST), p -> RegionAccess.decodeWithData(p, LONGEST), RegionWrites::decode,
            p -> DmaTransfer.decode(p, LONGEST), p -> DmaTransfer.decodeWithData(p, LONGEST), p -> DmaTransfer.decodeWritten(p, LONGEST));

    @FuzzTest(maxDuration = "10m")
    void decode(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int kind = (input[0] & 0xff) % (DECODERS.size() + 1);
        MemorySegment bytes = MemorySegment.ofArray(input).asSlice(1);
        try {
            if (kind == DECODERS.size()) {
                header(bytes);
            } else {
                payload(bytes, DECODERS.get(kind));
            }
        } catch (ProtocolException e) {
            if (e.errno() <= 0) {
                throw new AssertionError("no errno", e);
            }
        }
    }

    private static void header(MemorySegment bytes) {
        if (bytes.byteSize() >= Header.BYTES) {
            Header header = Header.decode(bytes, LONGEST);
            MemorySegment again = MemorySegment.ofArray(new byte[Header.BYTES]);
            header.encode(again);
            if (again.mismatch(bytes.asSlice(0, Header.BYTES)) != -1 || header.describe().isEmpty()) {
                throw new AssertionError("the header changes: " + header);
            }
        }
    }

    private static void payload(MemorySegment bytes, Function<MemorySegment, Payload> decoder) {
        Payload payload = decoder.apply(bytes);
        if (payload instanceof RegionInfo info && (info.flags() & RegionInfo.CAPABILITIES) != 0 && info.areas().isEmpty()) {
            return; // capabilities of kinds that are passed over are not written
        }
        MemorySegment again = MemorySegment.ofArray(new byte[payload.bytes()]);
        payload.encode(again);
        Payload second = kindOf(payload).apply(again);
        if (!second.equals(payload)) {
            throw new AssertionError(payload + " becomes " + second);
        }
    }

    /** What follows the fixed part belongs to whoever carries it, and is not written again. */
    private static Function<MemorySegment, Payload> kindOf(Payload payload) {
        return switch (payload) {
            case Version _ -> Version::decode;
            case DmaMap _ -> DmaMap::decode;
            case DmaUnmap _ -> DmaUnmap::decode;
            case DeviceInfo _ -> DeviceInfo::decode;
            case RegionInfo _ -> RegionInfo::decode;
            case RegionIoFds _ -> RegionIoFds::decode;
            case IrqInfo _ -> IrqInfo::decode;
            case IrqSet _ -> IrqSet::decode;
            case RegionAccess _ -> p -> RegionAccess.decode(p, LONGEST);
            case RegionWrites _ -> RegionWrites::decode;
            default -> p -> DmaTransfer.decode(p, LONGEST);
        };
    }
}
