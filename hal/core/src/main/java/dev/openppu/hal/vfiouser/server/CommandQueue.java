package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Carries out commands on a thread of its own, in order, while another reads on. It holds a bounded number of bytes: a client that sends without end is not read any more, and in the end disconnected. */
final class CommandQueue implements AutoCloseable {
    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_COMMANDS = 4096;
    /** What a command occupies beside its payload. */
    private static final int OVERHEAD = MOST_BYTES / MOST_COMMANDS;

    /** Commands in the middle of each other. */
    private static final int DEEPEST = 16;
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(MOST_COMMANDS);
    private final Semaphore room = new Semaphore(MOST_BYTES);
    private final Consumer<Message> handler;
    private final Predicate<Message> mayComeIn;
    private final LongSupplier idle;
    private final long limitNanos;
    private final Thread thread = Thread.ofPlatform().daemon().name("ppu-serve-commands").unstarted(this::run);
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile long since;
    private volatile boolean ended;
    private boolean replyDue;
    private int within;

    /**
     * @param mayComeIn whether a command may be carried out in the middle of another one, which waits for the client
     * @param idle is called when there is no command, and says how long to wait for one before it is called again, in nanoseconds
     * @param limitNanos how long a command may wait for room
     */
    CommandQueue(Consumer<Message> handler, Predicate<Message> mayComeIn, LongSupplier idle, long limitNanos) {
        this.handler = handler;
        this.mayComeIn = mayComeIn;
        this.idle = idle;
        this.limitNanos = limitNanos;
        thread.start();
    }

    /** Takes over a copy of the message. */
    void add(Message message) {
        try {
            if (!room.tryAcquire(cost(message), limitNanos, TimeUnit.NANOSECONDS)) {
                throw ProtocolException
                        .malformed("it sends commands faster than they are carried out, and waits for none: %d are waiting".formatted(
                                queue.size()));
            }
            if (!message.header().noReply()) {
                if (unanswered.get() == 0) { // only this thread counts up: whoever sees the count sees the time
                    since = System.nanoTime();
                }
                unanswered.incrementAndGet();
            }
            queue.add(message.copy());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProtocolException.malformed("the server ends");
        }
    }

    /** Whether no command waits. */
    boolean isEmpty() {
        return queue.isEmpty();
    }

    private static int cost(Message message) {
        return OVERHEAD + (int) message.payload().byteSize();
    }

    private void run() {
        try {
            while (!ended) {
                Message message = queue.poll();
                if (message == null) {
                    message = queue.poll(Math.min(idle.getAsLong(), LONGEST_SLEEP_NANOS), TimeUnit.NANOSECONDS);
                }
                if (message != null) {
                    carryOut(message);
                }
            }
        } catch (InterruptedException e) {
            // the end
        }
        queue.forEach(Message::close);
    }

    private void carryOut(Message message) {
        boolean outer = replyDue;
        replyDue = !message.header().noReply();
        try (message) {
            handler.accept(message);
        } finally {
            replyDue = outer;
            room.release(cost(message));
        }
    }

    /**
     * The calling thread waits for the client in the middle of something. If it is the one that carries out commands, and what it carries out wants no reply, the client may be waiting for a command behind:
     * what may come in is carried out now, in order, until no reply is due.
     */
    void carryOutMeanwhile() {
        if (Thread.currentThread() != thread || replyDue || within == DEEPEST) {
            return;
        }
        within++;
        try {
            for (Message next = queue.peek(); next != null && inHand() > 0 && mayComeIn.test(next); next = queue.peek()) {
                carryOut(queue.remove());
            }
        } finally {
            within--;
        }
    }

    /** Whether what is being carried out is in the middle of something else; for the thread that carries out commands. */
    boolean within() {
        return within > 0;
    }

    /** Before the reply to a command is sent: whoever waited for it waits no longer. */
    void answered(Message message) {
        if (!message.header().noReply()) {
            since = System.nanoTime();
            unanswered.decrementAndGet();
        }
    }

    /** Nanoseconds since the client has waited for a reply, to a command that has come, carried out or not, without getting any; 0 if it waits for none. */
    long inHand() {
        return unanswered.get() == 0 ? 0 : Math.max(1, System.nanoTime() - since);
    }

    /** Waits for the command that is being carried out; the others are dropped. */
    @Override
    public void close() {
        ended = true;
        thread.interrupt();
        Threads.join(thread);
    }
}
