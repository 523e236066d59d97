package dev.openppu.abi.firmware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Build tool: writes a signed image of the model's firmware. Takes {@code name=value} arguments: {@code out}, {@code key} (private key, PEM), and optionally
 * {@code target}, {@code security} (decimal), {@code version} (a.b.c), {@code name} (build name), {@code names} (public key in PEM that the header names as its
 * development key; the shipped one if left out), {@code program} (what the text section names; the model's firmware if left out) and any {@code parameter.X} of the
 * program.
 *
 * <p>The same arguments give the same bytes.
 */
public final class BuildImage {
    private BuildImage() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> options = new TreeMap<>();
        Map<String, String> parameters = new TreeMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("not name=value: " + arg);
            }
            String name = arg.substring(0, equals);
            if (name.startsWith("parameter.")) {
                parameters.put(name.substring("parameter.".length()), arg.substring(equals + 1));
            } else {
                options.put(name, arg.substring(equals + 1));
            }
        }
        Path out = Path.of(required(options, "out"));
        Path key = Path.of(required(options, "key"));
        ImageHeader header = new ImageHeader(Integer.parseInt(options.getOrDefault("target", "1")),
                Integer.parseUnsignedInt(options.getOrDefault("security", "1")), version(options.getOrDefault("version", "0.1.0")),
                MessageAbi.CURRENT,
                options.getOrDefault("name", "openppu-fw development"));
        FirmwareKey named = options.containsKey("names")
                ? FirmwareKey.parse(KeyKind.DEVELOPMENT, Files.readString(Path.of(required(options, "names"))))
                : FirmwareKey.shipped(KeyKind.DEVELOPMENT);
        byte[] image = new ImageBuilder(header)
                .section(SectionType.TEXT,
                        new FirmwareProgram(options.getOrDefault("program", FirmwareProgram.OPENPPU), parameters).encode())
                .section(SectionType.DATA, boardData())
                .section(SectionType.MANIFEST,
                        new FirmwareProgram("manifest", Map.of("version", header.version().toString(), "licence", "Apache-2.0")).encode())
                .sign(named, FirmwareKey.parsePrivate(Files.readString(key)));
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.write(out, image);
    }

    /** Filler that makes the image as large as a small firmware's, so that loading takes more than one transfer: bytes counting up. */
    private static byte[] boardData() {
        byte[] data = new byte[48 * 1024 + 7];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + (i >>> 8));
        }
        return data;
    }

    private static FirmwareVersion version(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a version a.b.c: " + text);
        }
        return new FirmwareVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("missing " + name + "=…");
        }
        return value;
    }
}
