package dev.openppu.hal.vfiouser.protocol;

import java.util.Locale;
import java.util.Map;

/**
 * What one end says of itself in {@link Version}. What it leaves out has the protocol's default; what it says beyond this is passed over.
 *
 * @param maxMessageDescriptors descriptors that it takes in one message, at least 0
 * @param maxTransferBytes the longest {@code count} of a read or write that it takes, at least 1
 * @param maxDmaMaps DMA ranges that may be mapped at a time
 * @param pageSizes sizes of DMA pages that it knows, or'ed
 * @param writeMultiple it takes {@link Command#REGION_WRITE_MULTI}
 */
public record PeerCapabilities(int maxMessageDescriptors, long maxTransferBytes, long maxDmaMaps, long pageSizes, boolean writeMultiple) {
    public static final PeerCapabilities DEFAULTS = new PeerCapabilities(1, 1 << 20, 65535, 4096, false);

    private static final String CAPABILITIES = "capabilities";
    private static final String MAX_MSG_FDS = "max_msg_fds";
    private static final String MAX_DATA_XFER_SIZE = "max_data_xfer_size";
    private static final String MAX_DMA_MAPS = "max_dma_maps";
    private static final String PGSIZES = "pgsizes";
    private static final String WRITE_MULTIPLE = "write_multiple";

    /** Reads the text of a version message. */
    static PeerCapabilities parse(String text) {
        if (!(JsonReader.read(text) instanceof Map<?, ?> document)) {
            throw ProtocolException.malformed("VERSION's text is not a JSON object");
        }
        Object given = document.get(CAPABILITIES);
        if (given == null) {
            return DEFAULTS;
        }
        if (!(given instanceof Map<?, ?> object)) {
            throw ProtocolException.malformed("VERSION's 'capabilities' is not a JSON object");
        }
        return new PeerCapabilities((int) number(object, MAX_MSG_FDS, DEFAULTS.maxMessageDescriptors, 0, Integer.MAX_VALUE),
                number(object, MAX_DATA_XFER_SIZE, DEFAULTS.maxTransferBytes, 1, Long.MAX_VALUE),
                number(object, MAX_DMA_MAPS, DEFAULTS.maxDmaMaps, 0, Long.MAX_VALUE),
                number(object, PGSIZES, DEFAULTS.pageSizes, 1, Long.MAX_VALUE), flag(object, WRITE_MULTIPLE));
    }

    private static long number(Map<?, ?> object, String name, long otherwise, long least, long most) {
        Object value = object.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Long number) || number < least || number > most) {
            throw ProtocolException.malformed("VERSION's '%s' is not a whole number from %d to %d".formatted(name, least, most));
        }
        return number;
    }

    private static boolean flag(Map<?, ?> object, String name) {
        Object value = object.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw ProtocolException.malformed("VERSION's '%s' is neither true nor false".formatted(name));
        }
        return Boolean.TRUE.equals(value);
    }

    /** These, without what the other end has not said that it knows: a reply's capabilities are a subset of those proposed. */
    public PeerCapabilities offeredTo(PeerCapabilities other) {
        return new PeerCapabilities(maxMessageDescriptors, maxTransferBytes, maxDmaMaps, pageSizes, writeMultiple && other.writeMultiple);
    }

    /** The text of a version message, without the NUL. */
    String json() {
        return String.format(Locale.ROOT, "{\"%s\":{\"%s\":%d,\"%s\":%d,\"%s\":%d,\"%s\":%d,\"%s\":%b}}", CAPABILITIES, MAX_MSG_FDS,
                maxMessageDescriptors,
                MAX_DATA_XFER_SIZE, maxTransferBytes, MAX_DMA_MAPS, maxDmaMaps, PGSIZES, pageSizes, WRITE_MULTIPLE, writeMultiple);
    }
}
