package dev.openppu.model.command;

/**
 * Does the work of packets that take time. When a packet's work has ended, one way or another, the engine says so by {@link Packet#completed},
 * {@link Packet#failed} or, after {@link Packet#cancelled} became true, {@link Packet#abandoned}.
 */
public interface PacketEngine {
    /** Takes a packet that has been checked. */
    void submit(Packet packet);

    /** A packet that was submitted has been cancelled: stop working on it soon. */
    void cancelled(Packet packet);
}
