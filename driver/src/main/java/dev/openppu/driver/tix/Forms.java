package dev.openppu.driver.tix;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** All instructions by name, each with the form that assembles it. */
final class Forms {
    /** Knows the modifiers and operands of an instruction. */
    interface Form {
        void assemble(Statement statement) throws Mistake;
    }

    private static final Map<String, Form> FORMS = new HashMap<>();

    static {
        ArithmeticForms.register(FORMS);
        BitForms.register(FORMS);
        CompareForms.register(FORMS);
        MoveForms.register(FORMS);
        MemoryForms.register(FORMS);
        ControlForms.register(FORMS);
    }

    private Forms() {}

    static boolean knows(String name) {
        return FORMS.containsKey(name);
    }

    static Set<String> names() {
        return FORMS.keySet();
    }

    static void assemble(String name, Statement statement) throws Mistake {
        Objects.requireNonNull(FORMS.get(name)).assemble(statement);
    }
}
