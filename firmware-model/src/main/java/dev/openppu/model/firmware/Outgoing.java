package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.LogEvent;
import dev.openppu.abi.firmware.LogLevel;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import java.lang.foreign.MemorySegment;

/**
 * A message on its way to the host.
 *
 * @param type number in the message
 * @param replyTo sequence of the command that it answers, 0 for an event
 * @param isReply it answers a command
 * @param payload writes the payload words
 */
record Outgoing(int type, int replyTo, boolean isReply, Payload payload) {

    /** Writes payload words into a message. */
    interface Payload {
        void write(MemorySegment message);
    }

    static Outgoing event(int type, Payload payload) {
        return new Outgoing(type, 0, false, payload);
    }

    /** What the log says; beyond 40 bytes it is cut, the log in memory has all of it. */
    static Outgoing log(LogLevel level, String text) {
        return event(MessageType.LOG.code(), message -> LogEvent.encode(message, 0, level, text));
    }

    /** @param words w1 and on; w0 is the status */
    static Outgoing reply(int type, int replyTo, MessageStatus status, long... words) {
        return new Outgoing(type, replyTo, true, message -> {
            FirmwareMessage.word(message, 0, 0, status.code());
            for (int i = 0; i < words.length; i++) {
                FirmwareMessage.word(message, 0, i + 1, words[i]);
            }
        });
    }

    void encode(MemorySegment slot, int sequence, int abi) {
        FirmwareMessage.begin(slot, 0, sequence, type, abi, replyTo);
        payload.write(slot);
        FirmwareMessage.seal(slot, 0);
    }
}
