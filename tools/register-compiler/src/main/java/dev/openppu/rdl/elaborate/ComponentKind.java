package dev.openppu.rdl.elaborate;

import java.util.Locale;

/** The kinds of component that the language has. */
enum ComponentKind {
    ADDRMAP, REGFILE, REG, FIELD, MEM, SIGNAL;

    static ComponentKind of(String keyword) {
        return valueOf(keyword.toUpperCase(Locale.ROOT));
    }

    /** The keyword. */
    String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether instances of it have addresses. */
    boolean isAddressable() {
        return this != FIELD && this != SIGNAL;
    }

    /** Whether an instance of {@code inner} may stand in it. */
    boolean mayContain(ComponentKind inner) {
        return inner == SIGNAL && this != SIGNAL && this != MEM || switch (this) {
            case ADDRMAP -> inner == ADDRMAP || inner == REGFILE || inner == REG || inner == MEM;
            case REGFILE -> inner == REGFILE || inner == REG;
            case REG -> inner == FIELD;
            case MEM -> inner == REG;
            case FIELD, SIGNAL -> false;
        };
    }

    /** Whether a component of kind {@code inner} may be defined in it. */
    boolean mayDefine(ComponentKind inner) {
        return switch (this) {
            case ADDRMAP -> true;
            case REGFILE -> inner == REGFILE || inner == REG || inner == FIELD || inner == SIGNAL;
            case REG -> inner == FIELD || inner == SIGNAL;
            case MEM -> inner == REG || inner == FIELD;
            case FIELD -> inner == SIGNAL;
            case SIGNAL -> false;
        };
    }
}
