package dev.openppu.model.profile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The profiles that there are: {@code profiles.txt} names them, a properties file each describes them. */
public final class Profiles {
    private static final String INDEX = "profiles.txt";
    private static final long MIB = 1L << 20;

    private Profiles() {}

    /** In the order of the index. */
    public static List<String> names() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource(INDEX), StandardCharsets.US_ASCII))) {
            return reader.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + INDEX, e);
        }
    }

    public static List<DeviceProfile> all() {
        return names().stream().map(Profiles::load).toList();
    }

    public static Optional<DeviceProfile> find(String name) {
        return names().contains(name) ? Optional.of(load(name)) : Optional.empty();
    }

    private static DeviceProfile load(String name) {
        String file = name + ".properties";
        Properties properties = new Properties();
        try (InputStream in = resource(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        Reader r = new Reader(file, properties);
        return new DeviceProfile(name, r.number("number"), r.text("product"), r.text("description"), r.number("device-id"),
                r.number("memory-mib") * MIB,
                r.number("compute-engines"), r.number("compute-units"), r.number("copy-engines"), r.number("icn-links"), r.number("queues"),
                r.number("contexts"), r.number("vectors"), r.number("power-watts"), r.number("unit-mhz"), r.number("memory-mhz"),
                new DeviceProfile.Equipment(r.number("reserved-mib") * MIB, r.flag("ecc"), r.flag("flash"), r.number("idle-watts")));
    }

    private static InputStream resource(String file) {
        InputStream in = Profiles.class.getResourceAsStream(file);
        if (in == null) {
            throw new IllegalStateException("resource " + file + " is missing from the model");
        }
        return in;
    }

    private record Reader(String file, Properties properties) {
        String text(String key) {
            String value = properties.getProperty(key);
            if (value == null) {
                throw new IllegalStateException(file + " says nothing of " + key);
            }
            return value.strip();
        }

        boolean flag(String key) {
            return switch (text(key)) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw new IllegalStateException("%s: %s = %s is neither yes nor no".formatted(file, key, text(key)));
            };
        }

        int number(String key) {
            try {
                return Integer.decode(text(key));
            } catch (NumberFormatException e) {
                throw new IllegalStateException("%s: %s = %s is no number".formatted(file, key, text(key)), e);
            }
        }
    }
}
