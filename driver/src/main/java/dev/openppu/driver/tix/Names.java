package dev.openppu.driver.tix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Names in scope: the innermost declaration counts. */
final class Names {
    private final Deque<Map<String, Symbol>> scopes = new ArrayDeque<>();

    Names() {
        enter();
    }

    void enter() {
        scopes.push(new HashMap<>());
    }

    void leave() {
        scopes.pop();
    }

    int depth() {
        return scopes.size();
    }

    void declare(Token name, String text, Symbol symbol) throws Mistake {
        if (scopes.getFirst().putIfAbsent(text, symbol) != null) {
            throw new Mistake(name, "'" + text + "' is already declared here", "a name can be used again inside { }");
        }
    }

    @Nullable
    Symbol find(String name) {
        for (Map<String, Symbol> scope : scopes) {
            Symbol symbol = scope.get(name);
            if (symbol != null) {
                return symbol;
            }
        }
        return null;
    }

    List<String> all() {
        List<String> names = new ArrayList<>();
        scopes.forEach(scope -> names.addAll(scope.keySet()));
        return names;
    }
}
