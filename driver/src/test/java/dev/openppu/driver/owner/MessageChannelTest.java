package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.fake.FakeDevice;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channel over real rings, the test playing the firmware at the register level. */
class MessageChannelTest {
    private static final long FW = PpuBar0Regs.FW_OFFSET;
    private static final int MESSAGES = 64;
    private static final long SECOND = 1_000_000_000L;

    private final FakeDevice fake = new FakeDevice();
    private final PinnedMemory pinned = new PinnedMemory(fake.dma());
    private final List<XidEvent> xids = new ArrayList<>();
    private final List<String> logs = new ArrayList<>();
    private MessageChannel channel;
    private int taken;
    private int sent;
    private int sequence = 1;
    private IntUnaryOperator status = type -> 0;

    @BeforeEach
    void open() {
        channel = new MessageChannel(new DeviceAccess(fake), pinned, new MessageChannel.Listener() {
            @Override
            public void xid(XidEvent event) {
                xids.add(event);
            }

            @Override
            public void log(int level, String text) {
                logs.add(level + " " + text);
            }
        }, SECOND);
        fake.runtime().whileWaiting(this::answerAll);
    }

    private MemorySegment commands() {
        return fake.mapping(fake.registers().get(FW + FwRegs.COMMAND_RING_OFFSET)).memory();
    }

    private MemorySegment events() {
        return fake.mapping(fake.registers().get(FW + FwRegs.EVENT_RING_OFFSET)).memory();
    }

    private long begin(int type, int replyTo) {
        long base = (long) (sent % MESSAGES) * FirmwareMessage.BYTES;
        FirmwareMessage.begin(events(), base, sequence, type, 0x100, replyTo);
        return base;
    }

    private void send(long base) {
        FirmwareMessage.seal(events(), base);
        sequence = FirmwareMessage.nextSequence(sequence);
        sent++;
        fake.registers().set(FW + FwRegs.EVENT_TAIL_OFFSET, sent);
    }

    private void answerAll() {
        while (taken != (int) fake.registers().get(FW + FwRegs.COMMAND_TAIL_OFFSET)) {
            long base = (long) (taken % MESSAGES) * FirmwareMessage.BYTES;
            assertThat(FirmwareMessage.intact(commands(), base)).isTrue();
            assertThat(FirmwareMessage.sequence(commands(), base)).isEqualTo(taken + 1);
            int type = FirmwareMessage.type(commands(), base);
            taken++;
            fake.registers().set(FW + FwRegs.COMMAND_HEAD_OFFSET, taken);
            long reply = begin(type | MessageType.REPLY, taken);
            FirmwareMessage.word(events(), reply, 0, status.applyAsInt(type));
            FirmwareMessage.word(events(), reply, 1, FirmwareMessage.word(commands(), base, 1 - (type == MessageType.PING.code() ? 1 : 0)));
            send(reply);
        }
    }

    @Test
    void programsTheRingsAndSendsTheBytesOfTheProgrammingGuide() {
        fake.runtime().whileWaiting(() -> {});
        assertThatThrownBy(() -> channel.call(MessageType.PING, 0x1122334455667788L)).isInstanceOf(PpuTimeoutException.class);
        assertThat(fake.registers().get(FW + FwRegs.RING_CONTROL_OFFSET)).isEqualTo(0x106);
        assertThat(HexFormat.of().formatHex(commands().asSlice(0, 32).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)))
                .matches("01000000" + "[0-9a-f]{8}" + "0200" + "0101" + "00000000" + "8877665544332211" + "0000000000000000");
        assertThat(fake.registers().get(FW + FwRegs.COMMAND_TAIL_OFFSET)).isEqualTo(1);
    }

    @Test
    void answersReachTheirCommands() {
        assertThat(channel.hello().major()).isEqualTo(1);
        for (int i = 0; i < 300; i++) { // more than the ring holds
            assertThat(channel.command(MessageType.PING, i).word(1)).isEqualTo(i);
        }
        assertThat(fake.registers().get(FW + FwRegs.EVENT_HEAD_OFFSET)).isEqualTo(301);
    }

    @Test
    void noCommonVersionNamesBothRanges() {
        fake.registers().set(FW + FwRegs.MESSAGE_ABI_OFFSET, 0x000504);
        status = type -> MessageStatus.NO_COMMON_ABI.code();
        assertThatThrownBy(channel::hello)
                .isInstanceOfSatisfying(PpuException.class, e -> assertThat(e.hgresult()).isEqualTo(HgResult.SYSTEM_DRIVER_MISMATCH))
                .hasMessageContaining("driver 1 to 1, firmware 4 to 5");
    }

    @Test
    void aStatusThatIsNotOkIsAFailure() {
        status = type -> MessageStatus.BAD_ARGUMENT.code();
        assertThatThrownBy(() -> channel.command(MessageType.KILL_CONTEXT, 7)).isInstanceOf(PpuException.class)
                .hasMessageContaining("BAD_ARGUMENT");
    }

    @Test
    void eventsReachTheListener() {
        long base = begin(MessageType.XID.code(), 0);
        XidEvent event = new XidEvent(1155, 19, 3, 4, 0, 2, 5, 0x1234, 0x40, 99);
        event.encode(events(), base);
        send(base);
        base = begin(MessageType.LOG.code(), 0);
        FirmwareMessage.word(events(), base, 0, 2);
        FirmwareMessage.word(events(), base, 1, 0x6f6c6c6568L);
        send(base);
        send(begin(0x4777, 0)); // a newer firmware's
        channel.poll();
        assertThat(xids).containsExactly(event);
        assertThat(logs).containsExactly("2 hello");
    }

    @Test
    void aFullCommandRingIsWaitedForAndNeverOverwritten() {
        fake.runtime().whileWaiting(() -> {});
        for (int i = 0; i < MESSAGES; i++) {
            assertThatThrownBy(() -> channel.call(MessageType.PING)).isInstanceOf(PpuTimeoutException.class);
        }
        assertThatThrownBy(() -> channel.call(MessageType.PING)).isInstanceOf(PpuTimeoutException.class)
                .hasMessageContaining("stayed full");
        assertThat(fake.registers().get(FW + FwRegs.COMMAND_TAIL_OFFSET)).isEqualTo(MESSAGES);
    }

    @Test
    void aDamagedMessageEndsTheChannel() {
        long base = begin(MessageType.LOG.code(), 0);
        FirmwareMessage.seal(events(), base);
        events().set(java.lang.foreign.ValueLayout.JAVA_BYTE, base + 20, (byte) 1);
        sent++;
        fake.registers().set(FW + FwRegs.EVENT_TAIL_OFFSET, sent);
        assertThatThrownBy(channel::poll).isInstanceOf(DeviceLostException.class).hasMessageContaining("checksum");
        assertThatThrownBy(() -> channel.call(MessageType.PING)).isInstanceOf(DeviceLostException.class);
    }

    @Test
    void aMessageOutOfSequenceEndsTheChannel() {
        sequence = 5;
        send(begin(MessageType.LOG.code(), 0));
        assertThatThrownBy(channel::poll).isInstanceOf(DeviceLostException.class).hasMessageContaining("message 5 came where 1 is due");
    }

    @Test
    void countsThatCannotBeEndTheChannel() {
        fake.registers().set(FW + FwRegs.EVENT_TAIL_OFFSET, MESSAGES + 1);
        assertThatThrownBy(channel::poll).isInstanceOf(DeviceLostException.class).hasMessageContaining("event_tail");
    }

    @Test
    void aCommandHeadAheadOfTheTailEndsTheChannel() {
        fake.registers().set(FW + FwRegs.COMMAND_HEAD_OFFSET, 1);
        assertThatThrownBy(() -> channel.call(MessageType.PING)).isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("command_head");
    }

    @Test
    void aReplyOfAnotherTypeEndsTheChannel() {
        fake.runtime().whileWaiting(() -> {
            if (sent == 0) {
                send(begin(MessageType.GET_INFO.replyCode(), 1));
            }
        });
        assertThatThrownBy(() -> channel.call(MessageType.PING)).isInstanceOf(DeviceLostException.class).hasMessageContaining("0x8003");
    }

    @Test
    void aStatusThatDoesNotExistEndsTheChannel() {
        status = type -> 99;
        assertThatThrownBy(() -> channel.call(MessageType.PING)).isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("unknown status 99");
    }

    @Test
    void aDeviceThatIsGoneIsNotTakenForAValue() {
        fake.registers().disappear();
        assertThatThrownBy(channel::poll).isInstanceOf(DeviceLostException.class).hasMessageContaining("does not answer");
    }

    @Test
    void aLateReplyIsLeftOut() {
        fake.runtime().whileWaiting(() -> {});
        assertThatThrownBy(() -> channel.call(MessageType.PING, 1)).isInstanceOf(PpuTimeoutException.class);
        fake.runtime().whileWaiting(this::answerAll);
        assertThat(channel.call(MessageType.PING, 2).word(1)).isEqualTo(2);
    }

    @Test
    void closingTwiceLeavesNoMapping() {
        channel.close();
        channel.close();
        assertThat(fake.mappings()).isEmpty();
        assertThat(pinned.mappings()).isZero();
        assertThat(fake.registers().get(FW + FwRegs.RING_CONTROL_OFFSET)).isZero();
    }
}
