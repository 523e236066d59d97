package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The calling thread's stack of current contexts. State of a thread, platform or virtual, and of nothing else: no other thread sees it, a new thread begins with an
 * empty stack, and neither a link's clock nor its threads know of it.
 */
final class CurrentContexts {
    private static final ThreadLocal<ArrayDeque<Context>> STACK = ThreadLocal.withInitial(ArrayDeque::new);

    private CurrentContexts() {}

    static Optional<Context> top() {
        return Optional.ofNullable(STACK.get().peek());
    }

    static void push(Context context) {
        STACK.get().push(context);
    }

    static Context pop() {
        Context context = STACK.get().poll();
        if (context == null) {
            STACK.remove();
            throw none("there is nothing to pop");
        }
        return context;
    }

    /** A context whose device this thread closed: taken out wherever it stands. */
    static void remove(Context context) {
        ArrayDeque<Context> stack = STACK.get();
        stack.removeIf(held -> held == context);
        if (stack.isEmpty()) {
            STACK.remove();
        }
    }

    /** As popping if {@code context} is on top. */
    static void popIfTop(Context context) {
        ArrayDeque<Context> stack = STACK.get();
        if (stack.peek() == context) {
            stack.pop();
        }
        if (stack.isEmpty()) {
            STACK.remove();
        }
    }

    static void replaceTop(Context context) {
        ArrayDeque<Context> stack = STACK.get();
        stack.poll();
        stack.push(context);
    }

    static void dropTop() {
        STACK.get().poll();
    }

    static PpuException none(String what) {
        return new PpuException(Failure.of(HgResult.INVALID_CONTEXT, "no device", "thread " + Thread.currentThread().getName(),
                "no context is current to this thread: " + what, "make one current first: createContext, makeCurrent or push"));
    }
}
