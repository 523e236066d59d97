package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The tenant's thread's stack of current contexts, beside one that is kept here: contexts are made, pushed, popped, put in place of the top, taken away and destroyed, wherever on the stack they stand, in any order. What was on the
 * stack before is below all that, and is left alone.
 */
final class CurrentSteps {
    private static final int CALLS = 12;
    private static final int MOST_OWN = 3;

    private final Step step;
    private final Claim claim;
    private final List<Context> lasting;
    private final List<Context> own = new ArrayList<>();
    private final Deque<Context> stack = new ArrayDeque<>();
    private final Optional<Context> below = Context.current();

    CurrentSteps(Workbench bench, Step step) {
        this.step = step;
        this.claim = new Claim(bench, step);
        this.lasting = List.of(bench.context(), bench.neighbour(step).context());
    }

    void perform() {
        try {
            for (int i = 0; i < CALLS; i++) {
                call(30 + 4 * i);
                requireTop();
            }
        } finally {
            end();
        }
        requireTop();
    }

    private void call(int dice) {
        switch (step.below(dice, 8)) {
            case 0, 1 -> push(any(dice + 1));
            case 2 -> scope(any(dice + 1), any(dice + 2));
            case 3 -> make();
            case 4 -> destroy(dice + 1);
            case 5 -> replace(any(dice + 1));
            case 6 -> {
                if (!stack.isEmpty()) {
                    Context.clearCurrent();
                    stack.pop();
                }
            }
            default -> {
                if (!stack.isEmpty()) {
                    Context wanted = stack.pop();
                    Context popped = Context.pop();
                    claim.holds(popped == wanted, "popping gives " + popped, wanted.toString());
                }
            }
        }
    }

    private Context any(int dice) {
        int which = step.below(dice, lasting.size() + own.size());
        return which < lasting.size() ? lasting.get(which) : own.get(which - lasting.size());
    }

    private void push(Context context) {
        if (refusedAsDestroyed("pushing", context, context::push)) {
            return;
        }
        Context.Scope _ = context.push();
        stack.push(context);
    }

    private void replace(Context context) {
        if (stack.isEmpty() || refusedAsDestroyed("making current", context, context::makeCurrent)) {
            return;
        }
        context.makeCurrent();
        stack.pop();
        stack.push(context);
    }

    /** A scope pops its context, once, if that is on top still. */
    private void scope(Context context, Context another) {
        if (context.closed() || another.closed()) {
            return;
        }
        Context.Scope scope = context.push();
        another.makeCurrent();
        scope.close();
        scope.close();
        if (context != another) {
            stack.push(another);
        }
    }

    private void make() {
        if (own.size() < MOST_OWN) {
            Context made = lasting.getFirst().ppu().createContext();
            own.add(made);
            stack.push(made);
        }
    }

    /** From the top it is popped, once; further down it stays, and is of no use there. */
    private void destroy(int dice) {
        if (own.isEmpty()) {
            return;
        }
        Context context = own.get(step.below(dice, own.size()));
        context.close();
        if (context == stack.peek()) {
            stack.pop();
        }
    }

    private boolean refusedAsDestroyed(String what, Context context, Runnable call) {
        boolean destroyed = context.closed();
        if (destroyed) {
            claim.refused(HgResult.CONTEXT_IS_DESTROYED, what + " " + context + ", which is destroyed,", call);
        }
        return destroyed;
    }

    private void requireTop() {
        Optional<Context> wanted = Optional.ofNullable(stack.peek()).or(() -> below);
        Optional<Context> current = Context.current();
        claim.holds(current.equals(wanted), "the current context is %s; the thread's own are %s".formatted(current, stack),
                wanted.toString());
        if (wanted.isPresent() && wanted.get().closed()) {
            claim.refused(HgResult.CONTEXT_IS_DESTROYED, "a current context that is destroyed", Context::requireCurrent);
        } else if (wanted.isEmpty()) {
            claim.refused(HgResult.INVALID_CONTEXT, "a current context where there is none", Context::requireCurrent);
        }
    }

    /** Leaves the stack as it was, also where a call has failed. */
    private void end() {
        for (Context context : own) {
            if (!context.closed()) {
                context.close();
                if (context == stack.peek()) {
                    stack.pop();
                }
            }
        }
        for (; !stack.isEmpty(); stack.pop()) {
            Context.clearCurrent();
        }
    }
}
