package dev.openppu.hal.vfiouser.server;

/** What happens at a server, for whoever keeps its log. Clients are numbered from 1 on. */
public sealed interface ServerEvent {

    /** The client that it is about. */
    int client();

    /** A client has connected and sent its first message, and is served. */
    record Connected(int client) implements ServerEvent {}

    /** It asked for something that was not done; it goes on. Only the first of these of a client are told. */
    record Refused(int client, String reason) implements ServerEvent {}

    /**
     * It is gone, and everything of it. One that was never served, because it said nothing or too many waited, is heard of here alone.
     *
     * @param reason why
     * @param violation it broke the protocol's rules, so that the server disconnected it
     */
    record Left(int client, String reason, boolean violation) implements ServerEvent {}

    /** One could not be accepted, or not be cleaned up after: the server goes on. */
    record Trouble(int client, String reason) implements ServerEvent {}
}
