package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.QueueState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 4 of docs/device.md: messages between host and firmware. */
class MessageTest {
    private Bench bench;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(4).booted();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void helloAgreesOnAVersionAndThenTheOthersAreAnswered() {
        TestRings rings = new TestRings(bench, 4);
        assertThat(rings.call(MessageType.PING, 7).status()).isEqualTo(MessageStatus.HELLO_FIRST);
        assertThat(rings.call(MessageType.HELLO, 2, 9, 0).status()).isEqualTo(MessageStatus.NO_COMMON_ABI);
        assertThat(rings.call(MessageType.PING, 7).status()).isEqualTo(MessageStatus.HELLO_FIRST);
        assertThat(rings.call(MessageType.HELLO, 3, 2, 0).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        TestRings.Reply hello = rings.call(MessageType.HELLO, 1, 3, 200);
        assertThat(hello).isEqualTo(new TestRings.Reply(0x8001, rings.sequence, MessageStatus.OK, 1, 1, 0x0001_0203, 0));
        assertThat(rings.call(MessageType.PING, 0xdead_beef_0123L).w1()).isEqualTo(0xdead_beef_0123L);
        TestRings.Reply info = rings.call(MessageType.GET_INFO);
        assertThat(info.w1()).isPositive();
        assertThat(info.w2()).isBetween(1L, 1000L);
        assertThat(info.w3()).isEqualTo(7);
        assertThat(info.w4()).isEqualTo(3);
    }

    @Test
    void badMessagesAreAnsweredAndDoNothingElse() {
        TestRings rings = new TestRings(bench, 4).greeted();
        assertThat(rings.reply(rings.send(MessageType.SHUTDOWN.code(), rings.sequence + 1, false)).status())
                .isEqualTo(MessageStatus.BAD_CHECKSUM);
        assertThat(rings.call(MessageType.PING, 1).status()).isEqualTo(MessageStatus.OK);
        assertThat(rings.reply(rings.send(MessageType.SHUTDOWN.code(), rings.sequence + 5, true)).status())
                .isEqualTo(MessageStatus.BAD_SEQUENCE);
        assertThat(rings.call(MessageType.PING, 1).status()).isEqualTo(MessageStatus.OK);
        assertThat(rings.reply(rings.send(0x7777, rings.sequence + 1, true)).status()).isEqualTo(MessageStatus.UNKNOWN_TYPE);
        assertThat(rings.call(MessageType.KILL_CONTEXT, 1024).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
    }

    @Test
    void ringsWrapManyTimes() {
        TestRings rings = new TestRings(bench, 2).greeted();
        for (int i = 0; i < 50; i++) {
            assertThat(rings.call(MessageType.PING, i).w1()).isEqualTo(i);
        }
    }

    @Test
    void aFullEventRingIsWaitedForAndNothingIsLost() {
        TestRings rings = new TestRings(bench, 2).greeted();
        int first = rings.sequence + 1;
        for (int i = 0; i < 12; i++) {
            if (rings.tail - bench.regs.fw().readCommandHead() >= rings.size) {
                break;
            }
            rings.send(MessageType.PING.code(), rings.sequence + 1, true, i);
            bench.sleep(100_000);
        }
        int sent = rings.sequence - first + 1;
        assertThat(sent).isGreaterThan(rings.size);
        assertThat(bench.regs.fw().readEventTail() - rings.head).isEqualTo(rings.size);
        for (int i = 0; i < sent; i++) {
            assertThat(rings.reply(first + i).w1()).isEqualTo(i);
        }
    }

    @Test
    void countsThatNoRingCouldHoldAreNotFollowed() {
        TestRings rings = new TestRings(bench, 3).greeted();
        int head = bench.regs.fw().readCommandHead();
        bench.regs.fw().writeCommandTail(head + 9);
        bench.sleep(1_000_000);
        assertThat(bench.regs.fw().readCommandHead()).isEqualTo(head);
        bench.regs.fw().writeCommandTail(head - 1);
        bench.sleep(1_000_000);
        assertThat(bench.regs.fw().readCommandHead()).isEqualTo(head);
        bench.regs.fw().writeEventHead(rings.head + 5);
        rings.send(MessageType.PING.code(), rings.sequence + 1, true, 3);
        bench.sleep(1_000_000);
        assertThat(bench.regs.fw().readEventTail()).isEqualTo(rings.head);
        bench.regs.fw().writeEventHead(rings.head);
        assertThat(rings.reply(rings.sequence).w1()).isEqualTo(3);
    }

    @Test
    void anEventRaisesItsCause() {
        TestRings rings = new TestRings(bench, 4);
        bench.regs.interrupts().writeRaw(-1);
        bench.regs.interrupts().writeEnable(InterruptsRegs.Enable.FW_EVENT_MASK);
        int before = bench.host.interrupts(0);
        rings.greeted();
        assertThat(bench.host.interrupts(0)).isEqualTo(before + 1);
        assertThat(bench.regs.interrupts().readStatus()).isEqualTo(InterruptsRegs.Status.FW_EVENT_MASK);
    }

    @Test
    void enablingTheRingsAnewBeginsAnew() {
        TestRings old = new TestRings(bench, 4).greeted();
        old.call(MessageType.PING, 1);
        bench.regs.fw().writeRingControl(0);
        bench.await("the firmware to let go", () -> bench.regs.fw().readEventTail() == 0 && bench.regs.fw().readCommandHead() == 0);
        bench.regs.fw().writeCommandTail(0);
        bench.regs.fw().writeEventHead(0);
        TestRings rings = new TestRings(bench, 3);
        assertThat(rings.call(MessageType.PING, 1).status()).isEqualTo(MessageStatus.HELLO_FIRST);
        rings.greeted();
    }

    @Test
    void ringsThatCannotBeReachedLeaveTheFirmwareAlive() {
        bench.regs.fw().writeCommandRing(0x7777_0000L);
        bench.regs.fw().writeEventRing(0x7778_0000L);
        bench.regs.fw().writeRingControl(FwRegs.RingControl.withEnable(FwRegs.RingControl.withLog2Messages(0, 4), true));
        bench.regs.fw().writeCommandTail(3);
        int beat = bench.regs.fw().readHeartbeat();
        bench.sleep(500_000_000);
        assertThat(bench.regs.fw().readHeartbeat()).isGreaterThan(beat + 5);
        assertThat(bench.regs.fw().readCommandHead()).isZero();
    }

    @Test
    void shutdownStopsTheQueuesAnswersAndHalts() {
        TestRings rings = new TestRings(bench, 4).greeted();
        TestQueue queue = new TestContext(bench, 2).queue(5).enable();
        assertThat(rings.call(MessageType.SHUTDOWN).status()).isEqualTo(MessageStatus.OK);
        bench.awaitState(BootState.HALTED);
        assertThat(queue.state()).isEqualTo(QueueState.ERROR);
        int beat = bench.regs.fw().readHeartbeat();
        bench.sleep(1_000_000_000);
        assertThat(bench.regs.fw().readHeartbeat()).isEqualTo(beat);
    }

    @Test
    void theReplyToHelloHasTheDocumentedBytes() {
        TestRings rings = new TestRings(bench, 4);
        rings.send(1, 1, true, 1, 1, 0);
        bench.await("the reply", () -> bench.regs.fw().readEventTail() == 1);
        byte[] bytes = rings.events.asSlice(0, FirmwareMessage.BYTES).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment.ofArray(bytes).asSlice(4, 4).fill((byte) 0);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("01000000" + "00000000" + "0180" + "0001" + "01000000" + "0000000000000000"
                + "0100000000000000" + "0000000000000000" + "0302010000000000" + "0000000000000000" + "0000000000000000");
    }
}
