package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.file.SharedMemory;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients of other makes send, in bytes written by hand from the protocol's text and what those clients do: libvfio-user's sample and tests, QEMU, Cloud Hypervisor. */
@Timeout(60)
class OtherMakesClientTest {
    private static final int EINVAL = 22;

    @TempDir
    private Path folder;

    private ServedDevice served;

    @BeforeEach
    void serve() {
        served = new ServedDevice(folder);
    }

    @AfterEach
    void end() {
        served.close();
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    private static RawClient.Answer send(RawClient client, String bytes, int... descriptors) {
        client.sendBytes(hex(bytes), 0, hex(bytes).length, descriptors);
        return client.receive();
    }

    private static String payload(RawClient.Answer answer) {
        assertThat(answer.errno()).isZero();
        return HexFormat.of().formatHex(answer.payload().toArray(ValueLayout.JAVA_BYTE));
    }

    private RawClient greeted(String json) {
        RawClient client = new RawClient(served.socket);
        String text = HexFormat.of().formatHex((json + "\0").getBytes(StandardCharsets.US_ASCII));
        String size = HexFormat.of().formatHex(new byte[]{(byte) (20 + json.length() + 1), 0, 0, 0});
        RawClient.Answer answer = send(client, "55da 0100 " + size + " 00000000 00000000 0000 0100 " + text);
        assertThat(answer.header().id()).isEqualTo(0xda55);
        assertThat(payload(answer)).as("0.0, the lower of both").startsWith("00000000");
        return client;
    }

    private static String text(RawClient.Answer answer) {
        byte[] bytes = answer.payload().toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, 4, bytes.length - 4, StandardCharsets.US_ASCII);
    }

    /** client.c of the samples: small transfers, the info of every region twice, the second time with as much payload as it has room, INTx on whatever device. */
    @Test
    void libvfioUsersSampleClient() throws Exception {
        try (RawClient client = greeted(
                "{\"capabilities\":{\"max_msg_fds\":32,\"max_data_xfer_size\":1024,\"migration\":{\"pgsize\":4096}}}");
                EventDescriptor event = new EventDescriptor();
                SharedMemory memory = SharedMemory.create("dma", 8192)) {
            assertThat(send(client, "0100 0d00 10000000 00000000 00000000").errno()).isZero();
            assertThat(payload(send(client, "0cb1 0400 20000000 00000000 00000000 10000000 00000000 00000000 00000000")))
                    .isEqualTo("10000000030000000900000005000000");
            for (int index = 0; index < 9; index++) {
                String question = "%s 00000000 %02x000000 00000000 0000000000000000 0000000000000000";
                String first = payload(send(client, "cdab 0500 30000000 00000000 00000000 " + question.formatted("20000000", index)));
                assertThat(first).startsWith("20000000");
                assertThat(payload(send(client, "cdab 0500 50000000 00000000 00000000 " + question.formatted("40000000", index)
                        + "00".repeat(32)))).isEqualTo(first);
            }
            for (int kind = 0; kind < 5; kind++) {
                assertThat(payload(send(client, "ad1b 0700 20000000 00000000 00000000 10000000 00000000 %02x000000 00000000".formatted(
                        kind)))).startsWith("10000000");
            }
            assertThat(send(client, "ae1b 0800 24000000 00000000 00000000 14000000 24000000 00000000 00000000 01000000", event.number())
                    .errno()).as("this device has no INTx").isEqualTo(EINVAL);
            assertThat(send(client, "3412 0200 30000000 00000000 00000000 20000000 03000000 0000000000000000 0000100000000000"
                    + "0010000000000000", memory.descriptor().number()).errno()).isZero();
            assertThat(send(client, "3412 0200 30000000 00000000 00000000 20000000 03000000 0000000000000000 0000200000000000"
                    + "0010000000000000").errno()).isZero();
            assertThat(payload(send(client, "3412 0300 28000000 00000000 00000000 18000000 00000000 0000100000000000"
                    + "0010000000000000"))).isEqualTo("180000000000000000001000000000000010000000000000");
            assertThat(send(client, "9900 0e00 18000000 00000000 00000000 08000000 01000000").errno()).as("dirty pages").isNotZero();
            assertThat(payload(send(client, "0ff0 0900 20000000 00000000 00000000 0000000000000000 07000000 04000000")))
                    .isEqualTo("00000000000000000700000004000000ed1d0160");
        }
        assertThat(served.left()).allSatisfy(left -> assertThat(left.violation()).isFalse());
    }

    /** A reply's capabilities are a subset of those proposed. */
    @Test
    void capabilitiesThatWereNotProposedAreNotAnswered() {
        try (RawClient client = new RawClient(served.socket)) {
            String json = HexFormat.of().formatHex("{}\0".getBytes(StandardCharsets.US_ASCII));
            assertThat(text(send(client, "0000 0100 17000000 00000000 00000000 0000 0000 " + json))).contains("\"write_multiple\":false");
        }
        try (RawClient client = new RawClient(served.socket)) {
            String json = HexFormat.of().formatHex("{\"capabilities\":{\"write_multiple\":true}}\0".getBytes(StandardCharsets.US_ASCII));
            assertThat(text(send(client, "0000 0100 3d000000 00000000 00000000 0000 0000 " + json))).contains("\"write_multiple\":true");
        }
        try (RawClient client = new RawClient(served.socket)) {
            assertThat(send(client, "0000 0100 14000000 00000000 00000000 0000 0000").errno()).as("no text at all").isZero();
        }
    }

    /** Kernels' structures have grown behind what this protocol has of them, and a client may ask again with what it was answered. */
    @Test
    void questionsThatAreLongerOrSaidMoreThanTheyMustAreAnswered() {
        try (RawClient client = greeted("{}")) {
            assertThat(payload(send(client, "0100 0400 28000000 00000000 00000000 18000000 00000000 00000000 00000000 00000000 00000000")))
                    .startsWith("10000000");
            assertThat(payload(send(client, "0200 0500 30000000 00000000 00000000 00040000 0f000000 00000000 20000000 0000010000000000"
                    + "0000000000000000"))).as("Cloud Hypervisor's room, and flags of an answer").startsWith("20000000");
            assertThat(payload(send(client, "0300 0500 38000000 00000000 00000000 28000000 0f000000 00000000 21000000 0000010000000000"
                    + "0000000000000000 ffffffffffffffff"))).as("what looks like capabilities is none").startsWith("20000000");
            assertThat(payload(send(client, "0400 0700 28000000 00000000 00000000 18000000 00000000 02000000 00000000"
                    + "0000000000000000"))).startsWith("10000000");
        }
        assertThat(served.left()).allSatisfy(left -> assertThat(left.violation()).isFalse());
    }

    /** QEMU takes interrupts back with a message for each run of them, without descriptors; and asks about kinds that a device does not have. */
    @Test
    void qemusInterrupts() {
        try (RawClient client = greeted("{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,\"pgsizes\":4096,"
                + "\"max_dma_maps\":65535,\"migration\":{\"pgsize\":4096,\"max_bitmap_size\":268435456},\"write_multiple\":true}}");
                EventDescriptor event = new EventDescriptor()) {
            assertThat(send(client, "0100 0800 24000000 00000000 00000000 14000000 24000000 02000000 00000000 01000000", event.number())
                    .errno()).isZero();
            assertThat(send(client, "0200 0800 24000000 00000000 00000000 14000000 24000000 02000000 00000000 01000000").errno()).isZero();
            assertThat(send(client, "0300 0800 24000000 00000000 00000000 14000000 21000000 02000000 00000000 00000000").errno()).isZero();
            assertThat(send(client, "0400 0800 24000000 00000000 00000000 14000000 21000000 00000000 00000000 00000000").errno()).isZero();
            assertThat(send(client, "0500 0800 24000000 00000000 00000000 14000000 24000000 04000000 00000000 01000000", event.number())
                    .errno()).as("a request for the device back").isEqualTo(EINVAL);
            assertThat(send(client, "0600 0900 20000000 00000000 00000000 0000000000000000 07000000 00000000").errno()).as("0 bytes")
                    .isZero();
        }
    }

    /** Ids belong to the sender, who may use one twice at the same time: answers come in order. */
    @Test
    void idsMayBeUsedTwice() {
        try (RawClient client = greeted("{}")) {
            byte[] both = hex("0700 0900 20000000 00000000 00000000 0000000000000000 07000000 02000000"
                    + "0700 0900 20000000 00000000 00000000 0200000000000000 07000000 02000000");
            client.sendBytes(both, 0, both.length);
            assertThat(payload(client.receive())).endsWith("ed1d");
            assertThat(payload(client.receive())).endsWith("0160");
        }
    }
}
