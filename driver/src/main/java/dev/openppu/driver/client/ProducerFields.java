package dev.openppu.driver.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the producers of a ring write, on cache lines of its own: pollers on other CPUs read the constants of {@link CommandQueue} all the time. The paddings stand in
 * classes of their own because a JVM orders the fields of one class as it likes, and those of a superclass before them.
 *
 * <p>Notation: {@code …Opaque}, {@code …Acquire} loads and {@code …Release} stores by the handles; a field accessed by its name is accessed by the holder of the turn.
 */
abstract class ProducerFields extends ProducerPadding {
    static final VarHandle TURN;
    static final VarHandle CONTENDERS;
    static final VarHandle SUBMITTED;
    static final VarHandle RUNG;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TURN = lookup.findVarHandle(ProducerFields.class, "turn", int.class).withInvokeExactBehavior();
            CONTENDERS = lookup.findVarHandle(ProducerFields.class, "contenders", int.class).withInvokeExactBehavior();
            SUBMITTED = lookup.findVarHandle(ProducerFields.class, "submitted", long.class).withInvokeExactBehavior();
            RUNG = lookup.findVarHandle(ProducerFields.class, "rung", long.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** 1 while a producer has the turn. */
    int turn;
    /** Producers that wait for the turn just now. */
    int contenders;
    /** Packets published. */
    long submitted;
    /** Packets that the device has taken, as far as the producers know. */
    long taken;
    /** Packets that the doorbell was, or is being, rung for. */
    long rung;

    /** The same as {@link ProducerPadding}, behind them. */
    abstract static class Padded extends ProducerFields {
        long a0;
        long a1;
        long a2;
        long a3;
        long a4;
        long a5;
        long a6;
        long a7;
        long a8;
        long a9;
        long a10;
        long a11;
        long a12;
        long a13;
        long a14;
        long a15;
    }
}
