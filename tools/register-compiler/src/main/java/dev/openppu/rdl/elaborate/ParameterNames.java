package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of types with parameters bound: {@code type_parameter_value}, for the parameters that were given. */
final class ParameterNames {

    private ParameterNames() {}

    static String suffix(Map<String, Scope.Parameter> parameters, Set<String> given) {
        StringBuilder suffix = new StringBuilder();
        parameters.forEach((name, parameter) -> {
            if (given.contains(name)) {
                suffix.append('_').append(name).append('_').append(text(parameter.value()));
            }
        });
        return suffix.toString();
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.Flag flag -> flag.value() ? "t" : "f";
            case Value.Num(BigInteger number) -> number.toString(16);
            case Value.Keyword keyword -> keyword.word();
            case Value.EnumValue entry -> entry.entry().name();
            case Value.Text(String text) -> digest(text);
            case Value.ListOf(List<Value> elements) -> digest(elements.toString());
            case Value.Struct(String type, Map<String, Value> members) -> digest(members.toString());
            default -> digest(value.toString());
        };
    }

    /** Eight hexadecimal digits, as the standard asks for values that are no part of a name. */
    private static String digest(String text) {
        return String.format("%08x", text.hashCode());
    }
}
