package dev.openppu.hal.vfiouser.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.Header;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands in the middle of one that waits for a client which answers nothing while it waits itself. */
@Timeout(20)
class CommandQueueTest {
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int FIRST = 1;

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private final CountDownLatch allSent = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CommandQueue queue = new CommandQueue(this::carryOut,
            message -> message.header().command() != Command.DMA_UNMAP.code(), () -> Long.MAX_VALUE, TimeUnit.SECONDS.toNanos(5));

    @AfterEach
    void close() {
        queue.close();
    }

    private void carryOut(Message message) {
        int id = message.header().id();
        happened.add(id + (queue.within() ? " within" : ""));
        if (id == FIRST) {
            waitForTheClient();
            happened.add(id + " ends");
        }
        queue.answered(message);
        if (message.header().command() == Command.DEVICE_RESET.code()) {
            ended.countDown();
        }
    }

    /** As a device does that asks for memory: until the client waits for nothing any more, and so answers, or for so long. */
    private void waitForTheClient() {
        try {
            assertThat(allSent.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long begin = System.nanoTime();
        while (queue.inHand() > 0 && System.nanoTime() - begin < PATIENCE_NANOS) {
            queue.carryOutMeanwhile();
        }
    }

    private void send(int id, Command command, boolean noReply) {
        queue.add(new Message(Header.command(id, command, 0, noReply), MemorySegment.ofArray(new byte[0]), List.of()));
    }

    private List<String> happened() throws InterruptedException {
        allSent.countDown();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        return happened;
    }

    @Test
    void aPostedWriteThatWaitsLetsInWhatIsBehindItUntilNoReplyIsDue() throws InterruptedException {
        send(FIRST, Command.REGION_WRITE, true);
        send(2, Command.REGION_WRITE, true);
        send(3, Command.REGION_READ, false);
        send(4, Command.REGION_WRITE, true);
        send(5, Command.DEVICE_RESET, true);
        assertThat(happened()).containsExactly("1", "2 within", "3 within", "1 ends", "4", "5");
    }

    @Test
    void whatMayNotComeInIsWaitedForAndNothingPassesIt() throws InterruptedException {
        send(FIRST, Command.REGION_WRITE, true);
        send(2, Command.DMA_UNMAP, false);
        send(3, Command.REGION_READ, false);
        send(4, Command.DEVICE_RESET, true);
        assertThat(happened()).containsExactly("1", "1 ends", "2", "3", "4");
    }

    @Test
    void aCommandWhoseReplyIsDueLetsNothingIn() throws InterruptedException {
        send(FIRST, Command.REGION_READ, false);
        send(2, Command.REGION_READ, false);
        send(3, Command.DEVICE_RESET, true);
        assertThat(happened()).containsExactly("1", "1 ends", "2", "3");
    }
}
