package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.DmaUnmap;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that answers the device's questions only between its own commands, as QEMU does: neither waits for the other. */
@Timeout(60)
class PatientClientTest {
    private static final long IOVA = 0x10_0000;
    private static final long BYTES = 0x10_0000;

    @TempDir
    private Path folder;

    private final Deque<RawClient.Answer> questions = new ArrayDeque<>();

    /** Waits for the reply and nothing else. */
    private RawClient.Answer ask(RawClient client, Command command, Payload payload) {
        client.send(command, payload, RawClient.NOTHING, false);
        while (true) {
            RawClient.Answer message = client.receive();
            if (message.header().isReply()) {
                return message;
            }
            questions.add(message);
        }
    }

    /** Memory is a word of 0x810 for each address. */
    private static void serve(RawClient client, RawClient.Answer question) {
        DmaTransfer transfer = DmaTransfer.decode(question.payload(), 1 << 20);
        MemorySegment data = MemorySegment.ofArray(new byte[(int) transfer.count()]);
        data.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 0x810);
        client.reply(question.header(), transfer, data);
    }

    private static CompletableFuture<Integer> deviceReads(ServedDevice served, long iova) {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        served.device.run(() -> {
            MemorySegment word = served.device.zeros(4);
            read.complete(served.device.host.read(iova, word).ok() ? word.get(ValueLayout.JAVA_INT_UNALIGNED, 0) : -1);
        });
        return read;
    }

    @Test
    void accessesAreAnsweredWhileTheDeviceWaitsForMemory() throws Exception {
        try (ServedDevice served = new ServedDevice(folder); RawClient client = ServedDevice.enabled(served.client())) {
            client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, BYTES));
            long begin = System.nanoTime();
            for (int round = 0; round < 100; round++) {
                CompletableFuture<Integer> read = deviceReads(served, IOVA + 64L * round);
                questions.add(client.receive());
                assertThat(ask(client, Command.REGION_READ, new RegionAccess(0x10, 0, 4)).errno()).isZero();
                client.write(0, 0x14, 4, round, true);
                assertThat(ask(client, Command.REGION_READ, new RegionAccess(0x14, 0, 4)).payload().get(ValueLayout.JAVA_INT_UNALIGNED, 16))
                        .as("behind the write").isEqualTo(round);
                assertThat(read).isNotDone();
                serve(client, questions.remove());
                assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(0x810);
            }
            assertThat(System.nanoTime() - begin).as("all of it").isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    /** The device cannot go on using the range, and the client does not answer before the range is unmapped: the question is given up. */
    @Test
    void anUnmapEndsAQuestionThatNobodyAnswers() throws Exception {
        try (ServedDevice served = new ServedDevice(folder); RawClient client = ServedDevice.enabled(served.client())) {
            client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, BYTES));
            CompletableFuture<Integer> read = deviceReads(served, IOVA);
            questions.add(client.receive());
            long begin = System.nanoTime();
            assertThat(ask(client, Command.DMA_UNMAP, new DmaUnmap(24, 0, IOVA, BYTES)).errno()).isZero();
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(3));
            assertThat(read.get(10, TimeUnit.SECONDS)).as("refused").isEqualTo(-1);
            serve(client, questions.remove());
            assertThat(client.read(0, 0x10, 4)).as("an answer that is late is nothing").isZero();
        }
    }

    /** A function-level reset must not find the function in the middle of a request. */
    @Test
    void aResetWaitsForTheRequestUnderWay() throws Exception {
        try (ServedDevice served = new ServedDevice(folder); RawClient client = ServedDevice.enabled(served.client())) {
            client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, BYTES));
            CompletableFuture<Integer> read = deviceReads(served, IOVA);
            questions.add(client.receive());
            ask(client, Command.REGION_READ, new RegionAccess(0x10, 0, 4));
            assertThat(ask(client, Command.DEVICE_RESET, null).errno()).isZero();
            assertThat(read).isCompletedWithValue(-1);
        }
    }
}
