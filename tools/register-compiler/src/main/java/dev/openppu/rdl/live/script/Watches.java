package dev.openppu.rdl.live.script;

import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Which interrupt outputs a client wants to hear of. */
final class Watches {

    private final Locator locator;
    private final Consumer<String> events;
    private final Set<Long> addresses = ConcurrentHashMap.newKeySet();
    private volatile boolean all;

    Watches(Locator locator, Consumer<String> events) {
        this.locator = locator;
        this.events = events;
    }

    String watch(String what, boolean on) throws ScriptException {
        if (what.equals("*")) {
            all = on;
            if (!on) {
                addresses.clear();
            }
            return "ok";
        }
        LocatedNode node = locator.find(what);
        if (!(node.node() instanceof Register register) || register.fields().stream().noneMatch(field -> field.isInterrupt())) {
            throw ScriptException.error("'" + what + "' is no register with an interrupt field");
        }
        if (on) {
            addresses.add(node.address());
        } else {
            addresses.remove(node.address());
        }
        return "ok";
    }

    void interruptChanged(long address, boolean level) {
        if (all || addresses.contains(address)) {
            String name = locator.at(address).stream().findFirst().map(LocatedNode::path).orElse("0x" + Long.toHexString(address));
            events.accept("event " + name + " intr " + (level ? "1" : "0"));
        }
    }
}
