package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.model.firmware.board.Board;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What the host can ask of the firmware. */
final class Commands {
    private static final long LARGEST_VERSION = 255;

    private final Board board;
    private final Heartbeat heartbeat;
    private final QueueStopper stopper;
    private final Updater updater;
    private final Retirement retirement;
    private final FirmwareLog log;
    private final Runnable halt;
    private final MessageAbi spoken;
    private boolean greeted;
    private int minor;
    private final int contexts;
    private long handled;
    private long bad;

    /**
     * @param contexts how many the device has
     * @param halt ends the firmware after what is queued has been sent
     */
    Commands(Board board, int contexts, Heartbeat heartbeat, QueueStopper stopper, Updater updater, Retirement retirement, FirmwareLog log,
            Runnable halt) {
        this.board = board;
        this.contexts = contexts;
        this.heartbeat = heartbeat;
        this.stopper = stopper;
        this.updater = updater;
        this.retirement = retirement;
        this.log = log;
        this.halt = halt;
        this.spoken = MessageAbi.unpack(board.messageAbi()).orElse(MessageAbi.CURRENT);
    }

    /** A command is under way whose reply comes later. */
    boolean busy() {
        return stopper.busy() || updater.busy() || retirement.busy();
    }

    void forgetHost() {
        greeted = false;
        minor = 0;
    }

    void countBad() {
        bad++;
    }

    /** Handles an intact message in sequence; the reply comes now or later. */
    void handle(MemorySegment message, Consumer<Outgoing> reply, Consumer<MessageAbi.Agreed> agreed) {
        handled++;
        int type = FirmwareMessage.type(message, 0);
        int sequence = FirmwareMessage.sequence(message, 0);
        Answer answer = (status, words) -> reply.accept(Outgoing.reply(type | MessageType.REPLY, sequence, status, words));
        Optional<MessageType> known = MessageType.of(type);
        if (!greeted && known.orElse(null) != MessageType.HELLO) {
            bad++;
            answer.give(MessageStatus.HELLO_FIRST);
            return;
        }
        switch (known.filter(this::spoken).orElse(MessageType.LOG)) {
            case HELLO -> hello(message, answer, agreed);
            case PING -> answer.give(MessageStatus.OK, FirmwareMessage.word(message, 0, 0));
            case GET_INFO -> answer.give(MessageStatus.OK, heartbeat.uptime(), heartbeat.beats(), handled, bad);
            case KILL_CONTEXT -> killContext(FirmwareMessage.word(message, 0, 0), answer);
            case SHUTDOWN -> stopper.stopAll(stopped -> {
                log.information(String.format(Locale.ROOT, "shut down by the host, %d queues stopped", stopped));
                answer.give(MessageStatus.OK);
                halt.run();
            });
            case UPDATE_BEGIN -> updater.begin(FirmwareMessage.word(message, 0, 0), answer);
            case UPDATE_DATA -> updater.data(FirmwareMessage.word(message, 0, 0), FirmwareMessage.word(message, 0, 1),
                    FirmwareMessage.word(message, 0, 2), answer);
            case UPDATE_FINISH -> updater.finish(answer);
            case RETIRE_PAGE -> retirement.command(FirmwareMessage.word(message, 0, 0), FirmwareMessage.word(message, 0, 1), answer);
            case XID, LOG -> {
                bad++;
                answer.give(MessageStatus.UNKNOWN_TYPE);
            }
        }
    }

    /** Whether the version that was agreed on has this command. */
    private boolean spoken(MessageType type) {
        return minor >= type.minor();
    }

    private void hello(MemorySegment message, Answer answer, Consumer<MessageAbi.Agreed> agreed) {
        long lowest = FirmwareMessage.word(message, 0, 0);
        long highest = FirmwareMessage.word(message, 0, 1);
        long hostMinor = FirmwareMessage.word(message, 0, 2);
        if (lowest < 1 || highest < lowest || highest > LARGEST_VERSION || hostMinor < 0 || hostMinor > LARGEST_VERSION) {
            bad++;
            answer.give(MessageStatus.BAD_ARGUMENT);
            return;
        }
        Optional<MessageAbi.Agreed> common = spoken.agree(new MessageAbi((int) lowest, (int) highest, (int) hostMinor));
        if (common.isEmpty()) {
            answer.give(MessageStatus.NO_COMMON_ABI);
            return;
        }
        greeted = true;
        this.minor = common.get().minor();
        log.information(String.format(Locale.ROOT, "host speaks %d.%d, agreed on %d.%d", highest, hostMinor, common.get().major(),
                common.get().minor()));
        agreed.accept(common.get());
        answer.give(MessageStatus.OK, common.get().major(), common.get().minor(), Integer.toUnsignedLong(board.version()));
    }

    private void killContext(long context, Answer answer) {
        if (context < 0 || context >= contexts) {
            bad++;
            answer.give(MessageStatus.BAD_ARGUMENT);
            return;
        }
        stopper.stopContext((int) context, stopped -> {
            log.information(String.format(Locale.ROOT, "context %d killed, %d queues stopped", context, stopped));
            answer.give(MessageStatus.OK, stopped);
        });
    }

    /** Sends the reply to the command at hand. */
    interface Answer {
        void give(MessageStatus status, long... words);
    }
}
