package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A queue whose ring is read by messages: what software does to the queue while the device waits for an answer. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueByMessagesTest {
    private static final long RING = 0x10_0000;
    private static final long READ_INDEX = RING + 0x1000;
    private static final int DOORBELLS = 4;
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @TempDir
    private Path folder;

    private final Deque<RawClient.Answer> questions = new ArrayDeque<>();
    private ServedModel model;
    private VfioUserServer server;
    private RawClient client;
    private QueueRegs queue;

    @BeforeEach
    void serve() {
        model = ServedModel.open(LinkUri.parse("model:zw810e"));
        server = VfioUserServer.open(folder.resolve("socket"), model, _ -> {});
        client = RawClient.greeted(folder.resolve("socket"));
        client.write(PciRegion.CONFIG, PciRegister.Header.COMMAND, 2, PciRegister.Command.MEMORY_SPACE_ENABLE
                | PciRegister.Command.BUS_MASTER_ENABLE, false);
        assertThat(client.ask(Command.DMA_MAP, new DmaMap(DmaMap.READ | DmaMap.WRITE, 0, RING, 0x2000)).errno()).isZero();
        queue = new PpuBar0Regs(new TrappedMmio(new Messages(), 1 << 20)).queue(0);
        queue.writeBase(RING);
        queue.writeReadIndexAddress(READ_INDEX);
        enable(true);
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
        model.close();
    }

    /** BAR0: writes are posted, and what the device asks while a read waits for its answer is left for later. */
    private final class Messages implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            client.send(Command.REGION_READ, new RegionAccess(offset, PciRegion.BAR0, bytes), RawClient.NOTHING, false);
            RawClient.Answer message = client.receive();
            for (; !message.header().isReply(); message = client.receive()) {
                questions.add(message);
            }
            MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
            MemorySegment.copy(message.payload(), RegionAccess.BYTES, value, 0, bytes);
            return value.get(LE64, 0);
        }

        @Override
        public void write(long offset, int bytes, long value) {
            client.write(PciRegion.BAR0, offset, bytes, value, true);
        }
    }

    private void enable(boolean on) {
        queue.writeControl(QueueRegs.Control.withEnable(QueueRegs.Control.withLog2Packets(0, 4), on));
    }

    private QueueState state() {
        return QueueState.of(QueueRegs.Status.state(queue.readStatus()));
    }

    /** The device's next question, which is about the ring's first slot. */
    private RawClient.Answer readingOfTheRing() {
        RawClient.Answer question = questions.isEmpty() ? client.receive() : questions.remove();
        assertThat(question.header().command()).isEqualTo(Command.DMA_READ.code());
        assertThat(DmaTransfer.decode(question.payload(), 1 << 20)).isEqualTo(new DmaTransfer(RING, AqlHeader.PACKET_BYTES));
        return question;
    }

    private void answer(RawClient.Answer question, int word) {
        MemorySegment line = MemorySegment.ofArray(new byte[AqlHeader.PACKET_BYTES]);
        line.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, word);
        client.reply(question.header(), DmaTransfer.decode(question.payload(), 1 << 20), line);
    }

    @Test
    void aDoorbellThatComesWhileTheRingIsReadIsNotLost() {
        RawClient.Answer first = readingOfTheRing();
        client.write(DOORBELLS, 0, Long.BYTES, 0, true);
        assertThat(state()).as("answered in the middle").isEqualTo(QueueState.IDLE);
        answer(first, AqlHeader.INVALID_WORD); // as the slot was before the packet and its doorbell
        answer(readingOfTheRing(), AqlHeader.INVALID_WORD);
    }

    @Test
    void aPacketThatWasReadForAQueueIsNothingToItWhenItWasStoppedMeanwhile() {
        RawClient.Answer first = readingOfTheRing();
        enable(false);
        assertThat(state()).isEqualTo(QueueState.DISABLED);
        answer(first, 0); // any packet
        enable(true);
        answer(readingOfTheRing(), AqlHeader.INVALID_WORD);
        assertThat(queue.readReadIndex()).isZero();
    }
}
