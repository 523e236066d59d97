package dev.openppu.hal.vfiouser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictDecodingTest {
    private static final long LONGEST = 1 << 20;

    private static MemorySegment bytes(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static void assertMalformed(Function<MemorySegment, ?> decode, String hex, String reason) {
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode.apply(bytes(hex))).withMessageContaining(reason)
                .satisfies(e -> assertThat(e.malformed()).isTrue())
                .satisfies(e -> assertThat(e.errno()).isEqualTo(ProtocolException.EINVAL));
    }

    @Test
    void headersOfNoPossibleSizeOrType() {
        assertMalformed(h -> Header.decode(h, LONGEST), "0100 0900 0f000000 00000000 00000000", "REGION_READ 1 has a size of 15 bytes");
        assertMalformed(h -> Header.decode(h, LONGEST), "0100 6300 ffffffff 00000000 00000000",
                "command 99 1 has a size of 4294967295 bytes");
        assertMalformed(h -> Header.decode(h, LONGEST), "0100 0900 20000000 02000000 00000000", "has type 2");
    }

    @Test
    void payloadsOfAnotherLength() {
        assertMalformed(DmaMap::decode, "20000000", "DMA_MAP has a payload of 4 bytes, not 32");
        assertMalformed(DeviceInfo::decode, "0f000000 00000000 00000000 00000000", "argsz 15, which is less than 16");
        assertMalformed(p -> RegionAccess.decode(p, LONGEST), "0000000000000000 00000000 04000000 00", "payload of 17 bytes");
        assertMalformed(p -> RegionAccess.decodeWithData(p, LONGEST), "0000000000000000 00000000 04000000 00", "an access of 4 bytes");
        assertMalformed(RegionWrites::decode, "ffffffffffffff7f", "REGION_WRITE_MULTI of 9223372036854775807 writes");
        assertMalformed(RegionWrites::decode, "0100000000000000 0010000000000000 04000000 09000000 0700000000000000", "a write of 9 bytes");
    }

    @Test
    void transfersBeyondWhatWasAgreed() {
        assertMalformed(p -> RegionAccess.decode(p, LONGEST), "0000000000000000 00000000 01001000",
                "1048577 bytes; 1048576 are agreed upon");
        assertMalformed(p -> RegionAccess.decode(p, LONGEST), "0000000000000000 00000000 ffffffff", "4294967295 bytes");
        assertMalformed(p -> DmaTransfer.decode(p, LONGEST), "0000000000000000 ffffffffffffffff", "18446744073709551615 bytes");
    }

    @Test
    void rangesThatWrap() {
        assertMalformed(DmaMap::decode, "20000000 03000000 0000000000000000 00f0ffffffffffff 0020000000000000", "wraps");
        assertMalformed(DmaUnmap::decode, "18000000 00000000 0200000000000000 ffffffffffffffff", "wraps");
        assertMalformed(p -> RegionAccess.decode(p, LONGEST), "ffffffffffffffff 00000000 02000000", "wraps");
        assertThat(DmaMap.decode(bytes("20000000 03000000 0000000000000000 00f0ffffffffffff 0010000000000000")).size()).isEqualTo(4096);
    }

    @Test
    void flagsThatExcludeEachOther() {
        assertMalformed(IrqSet::decode, "14000000 27000000 02000000 00000000 00000000", "not one kind of data and one action");
        assertMalformed(IrqSet::decode, "14000000 39000000 02000000 00000000 00000000", "not one kind of data and one action");
        assertMalformed(IrqSet::decode, "14000000 61000000 02000000 00000000 00000000", "not one kind of data and one action");
        assertMalformed(DmaMap::decode, "20000000 04000000 0000000000000000 0000000000000000 0010000000000000", "flags 0x4");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> DmaUnmap.decode(bytes("18000000 01000000 0000000000000000 0010000000000000")))
                .as("dirty pages are a part of the protocol that is not here").satisfies(e -> assertThat(e.malformed()).isFalse());
    }

    @Test
    void countsOfInterruptsThatNoDeviceHas() {
        assertMalformed(IrqSet::decode, "14000000 21000000 02000000 ffffffff 01000000", "1 interrupts from 4294967295 on");
        assertMalformed(IrqSet::decode, "14000000 21000000 02000000 01000000 00080000", "2048 interrupts from 1 on");
        assertMalformed(IrqSet::decode, "14000000 22000000 02000000 00000000 02000000 01", "payload of 21 bytes, not 22");
    }

    @Test
    void capabilitiesThatLeaveARegionsInformation() {
        String fixed = "50000000 0f000000 04000000 %s 0000100000000000 0000000000000000";
        assertMalformed(RegionInfo::decode, fixed.formatted("48000000") + "0100 0100 00000000 01000000 00000000",
                "outside its information");
        assertMalformed(RegionInfo::decode, fixed.formatted("20000000") + "0900 0100 20000000 01000000 00000000", "does not end");
        assertMalformed(RegionInfo::decode, fixed.formatted("20000000") + "0100 0100 00000000 ffffffff 00000000", "list of areas");
        assertMalformed(RegionInfo::decode, fixed.formatted("20000000")
                + "0100 0100 00000000 01000000 00000000 0000080000000000 0100080000000000", "leaves a region");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"capabilities\":7}", "{\"capabilities\":{\"max_msg_fds\":-1}}",
        "{\"capabilities\":{\"max_msg_fds\":1.5}}", "{\"capabilities\":{\"max_data_xfer_size\":0}}",
        "{\"capabilities\":{\"max_data_xfer_size\":99999999999999999999}}", "{\"capabilities\":{\"max_msg_fds\":1,\"max_msg_fds\":2}}",
        "{\"capabilities\":{\"write_multiple\":1}}", "{\"a\":01}", "{} {}", "{\"a\":\"\\x\"}", "{\"a\":tru}", "{\"a\" 1}", "{\"a\":1,}",
        "{\"a\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}"})
    void textsThatAreNotCapabilities(String text) {
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Version.decode(version(text + '\0')));
    }

    @Test
    void textsThatNobodyEnded() {
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Version.decode(version("{}")))
                .withMessageContaining("not ended");
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Version.decode(version("{}\0\0")))
                .withMessageContaining("not ended");
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Version.decode(version(" ".repeat(9999) + '\0')))
                .withMessageContaining("4096");
    }

    @Test
    void whatACapabilityOfAnotherMakeSaysIsPassedOver() {
        Version version = Version.decode(
                version("""
                {"capabilities": {"twin_socket": {"supported": true, "x": [1, 2.5e3, null, "\\u00e9\\n"]}, "max_msg_fds": 2}, "vendor": false}\0"""));
        assertThat(version.capabilities()).isEqualTo(new PeerCapabilities(2, LONGEST, 65535, 4096, false));
    }

    private static MemorySegment version(String text) {
        return MemorySegment.ofArray(("\0\0\0\0" + text).getBytes(StandardCharsets.UTF_8));
    }

    /** Every decoder, on bytes that nobody meant: it gives a message, or says why not, and throws nothing else. */
    @Test
    void whateverComesLeadsToNothingElseThanAProtocolException() {
        List<Function<MemorySegment, ?>> decoders = List.of(Version::decode, DmaMap::decode, DmaUnmap::decode, DeviceInfo::decode,
                RegionInfo::decode, RegionIoFds::decode, IrqInfo::decode, IrqSet::decode, p -> RegionAccess.decode(p, LONGEST),
                p -> RegionAccess.decodeWithData(p, LONGEST), RegionWrites::decode, p -> DmaTransfer.decode(p, LONGEST),
                p -> DmaTransfer.decodeWithData(p, LONGEST), p -> DmaTransfer.decodeWritten(p, LONGEST));
        Random random = new Random(810);
        int taken = 0;
        for (int round = 0; round < 40_000; round++) {
            byte[] content = new byte[random.nextInt(100)];
            random.nextBytes(content);
            for (int i = 0; i < content.length; i++) {
                content[i] = random.nextInt(3) == 0 ? content[i] : (byte) (i % 4 == 0 ? random.nextInt(64) : 0);
            }
            try {
                assertThat((Object) decoders.get(round % decoders.size()).apply(MemorySegment.ofArray(content))).isNotNull();
                taken++;
            } catch (ProtocolException e) {
                assertThat(e.errno()).isPositive();
            }
        }
        assertThat(taken).as("some of it was well-formed").isPositive();
    }
}
