package dev.openppu.abi.firmware;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the text section of an image for the model holds in the place of machine code: the program's name on the first line, then one {@code key=value} a line,
 * UTF-8, every line ended by LF.
 *
 * @param name of the program, for example {@code openppu-fw}
 * @param parameters in the order of their keys
 */
public record FirmwareProgram(String name, Map<String, String> parameters) {
    /** The program that every profile of this version runs. */
    public static final String OPENPPU = "openppu-fw";

    public FirmwareProgram {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    public byte[] encode() {
        StringBuilder text = new StringBuilder(name).append('\n');
        parameters.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Empty if the bytes are not in this format. */
    public static Optional<FirmwareProgram> decode(byte[] text) {
        String decoded;
        try {
            decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        String[] lines = decoded.split("\n", -1);
        // a text that ends with LF has one empty piece behind it
        if (lines.length < 2 || lines[0].isEmpty() || !lines[lines.length - 1].isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 1; i < lines.length - 1; i++) {
            int equals = lines[i].indexOf('=');
            if (equals < 1 || parameters.put(lines[i].substring(0, equals), lines[i].substring(equals + 1)) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new FirmwareProgram(lines[0], parameters));
    }
}
