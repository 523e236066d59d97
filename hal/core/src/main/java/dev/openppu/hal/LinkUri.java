package dev.openppu.hal;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a link: {@code scheme:target?option=value&option=value}.
 *
 * <p>Strict: what does not have this form is refused. Values may be percent-encoded; {@code +} stands for itself.
 *
 * @param scheme lower-case letters, digits, {@code + - .}, beginning with a letter
 * @param target what the scheme opens; may be empty
 * @param options in the order written; names are lower-case letters, digits, {@code - _ .}
 */
public record LinkUri(String scheme, String target, Map<String, String> options) {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
    private static final Pattern OPTION = Pattern.compile("[a-z][a-z0-9._-]*");

    public LinkUri {
        if (!SCHEME.matcher(scheme).matches()) {
            throw new LinkException("link URI: '%s' is not a scheme (lower-case letters, digits, + - .)".formatted(scheme));
        }
        options.keySet().forEach(LinkUri::checkOptionName);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** @throws LinkException if {@code text} is not a link URI: the message says what is wrong and shows an example */
    public static LinkUri parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw malformed(text, "there is no ':' after the scheme");
        }
        if (text.indexOf('#') >= 0) {
            throw malformed(text, "'#' has no meaning here; write %23 in a value");
        }
        int question = text.indexOf('?', colon);
        String target = decode(text, text.substring(colon + 1, question < 0 ? text.length() : question));
        return new LinkUri(text.substring(0, colon), target, question < 0 ? Map.of() : parseOptions(text, text.substring(question + 1)));
    }

    private static Map<String, String> parseOptions(String text, String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw malformed(text, "option '%s' has no '=value'".formatted(option));
            }
            String name = option.substring(0, equals);
            checkOptionName(name);
            if (options.put(name, decode(text, option.substring(equals + 1))) != null) {
                throw malformed(text, "option '%s' is given twice".formatted(name));
            }
        }
        return options;
    }

    private static void checkOptionName(String name) {
        if (!OPTION.matcher(name).matches()) {
            throw new LinkException("link URI: '%s' is not an option name (lower-case letters, digits, - _ .)".formatted(name));
        }
    }

    private static String decode(String text, String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed(text, "'%s' has a broken %%-escape".formatted(encoded));
        }
    }

    private static LinkException malformed(String text, String why) {
        return new LinkException(
                "link URI '%s': %s; write scheme:target?option=value&…, for example model:zw810e?clock=sim&seed=7".formatted(text, why));
    }

    /** @throws LinkException if an option is not among {@code known}: the message lists those */
    public LinkUri demandOptions(Collection<String> known) {
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new LinkException("link '%s' knows no option '%s'; there are: %s".formatted(this, name,
                        known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))));
            }
        }
        return this;
    }

    /** The same link without some options. */
    public LinkUri without(Collection<String> names) {
        Map<String, String> fewer = new LinkedHashMap<>(options);
        fewer.keySet().removeAll(names);
        return new LinkUri(scheme, target, fewer);
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /**
     * A whole number, decimal or 0x hexadecimal.
     *
     * @throws LinkException if the option is there and is not one
     */
    public OptionalLong number(String name) {
        String value = options.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.decode(value));
        } catch (NumberFormatException e) {
            throw new LinkException("link '%s': option %s=%s is not a whole number".formatted(this, name, value));
        }
    }

    /**
     * A factor above 0, for example {@code 2.5}; 1 if the option is not there.
     *
     * @throws LinkException if the option is there and is not one
     */
    public double factor(String name) {
        String value = options.getOrDefault(name, "1");
        try {
            double factor = Double.parseDouble(value);
            if (factor > 0 && !Double.isInfinite(factor)) {
                return factor;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new LinkException("link '%s': %s=%s is not a positive number".formatted(this, name, value));
    }

    /** The URI's text; {@link #parse} reads it back. */
    @Override
    public String toString() {
        String head = scheme + ":" + encode(target);
        return options.isEmpty()
                ? head
                : head + options.entrySet().stream().map(o -> o.getKey() + "=" + encode(o.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/").replace("%3A", ":").replace("%2C",
                ",");
    }
}
