package dev.openppu.rdl.emit.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The frame of the document, its style and its script, as they stand in the module's resources. */
final class Page {

    private static final Pattern PART = Pattern.compile("\\{\\{([a-z-]+)\\}\\}");
    private static final List<String> SCRIPTS = List.of("map.js", "view.js", "decoder.js", "tree.js", "search.js", "start.js");

    private Page() {}

    /** Writes a part of the page in the place that the frame has for it. */
    interface Parts {
        void write(String part) throws IOException;
    }

    static void write(Writer out, Parts parts) throws IOException {
        String frame = resource("page.html");
        Matcher part = PART.matcher(frame);
        int done = 0;
        while (part.find()) {
            out.write(frame, done, part.start() - done);
            parts.write(part.group(1));
            done = part.end();
        }
        out.write(frame, done, frame.length() - done);
    }

    static String style() {
        return resource("screen.css") + resource("print.css");
    }

    static String script() {
        return SCRIPTS.stream().map(Page::resource).collect(Collectors.joining("", "\"use strict\";\n", ""));
    }

    /** The hash by which the document's policy knows its script. */
    static String scriptHash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script().getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
