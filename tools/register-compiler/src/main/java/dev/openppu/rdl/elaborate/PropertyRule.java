package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the standard, or a property definition, says of a property.
 *
 * @param name         its name
 * @param targets      the components that it may be given to
 * @param type         what its value must be
 * @param group        properties of one group exclude each other; null for none
 * @param dynamic      whether it may be assigned through the hierarchy
 * @param userDefault  for a user-defined property: its default, or null
 * @param userDefined  whether a property definition made it
 * @param fitsComponent whether its value must fit the component's width
 */
record PropertyRule(String name, Set<ComponentKind> targets, DataType type, @Nullable String group, boolean dynamic,
        @Nullable Value userDefault, boolean userDefined, boolean fitsComponent) {

    /** The rule for a property that nobody defined, as the older dialect has them: anything may be given to anything. */
    static PropertyRule undeclared(String name) {
        return new PropertyRule(name, EnumSet.allOf(ComponentKind.class), DataType.OneOf.ANYTHING, null, true, null, true, false);
    }

    /**
     * What a bare name, without a value, means: true for a boolean, the default for a user-defined property, or true where that
     * has none and is only bound; null where there must be a value.
     */
    @Nullable
    Value bareValue() {
        if (userDefined) {
            return userDefault == null ? Value.Flag.TRUE : userDefault;
        }
        return type.accepts(Value.Flag.TRUE) && type != DataType.Basic.NUMBER ? Value.Flag.TRUE : null;
    }
}
