package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Names of types with parameters bound: {@code type_parameter_value}, for the parameters that differ from their defaults. */
final class ParameterNames {

    private ParameterNames() {}

    static String suffix(Map<String, Scope.Parameter> parameters, Map<String, Scope.Parameter> defaults) {
        StringBuilder suffix = new StringBuilder();
        parameters.forEach((name, parameter) -> {
            Scope.Parameter plain = defaults.get(name);
            if (plain == null || !plain.value().equals(parameter.value())) {
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
            case Value.ListOf(List<Value> elements) ->
                digest(elements.stream().map(ParameterNames::text).collect(Collectors.joining("_")));
            case Value.Struct(String type, Map<String, Value> members) -> digest(members.entrySet().stream()
                    .map(member -> member.getKey() + "_" + text(member.getValue())).collect(Collectors.joining("_")));
            default -> digest(value.toString());
        };
    }

    /** The first eight digits of the MD5 checksum, as the standard asks for values that are no part of a name (5.1.1.4). */
    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
