package dev.openppu.rdl.svd;

import dev.openppu.rdl.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An element of an SVD file, with its place. */
final class SvdElement {

    private final String tag;
    private final @Nullable SvdElement parent;
    private final @Nullable String derivedFrom;
    private final Span span;
    private final List<SvdElement> children = new ArrayList<>();
    private String text = "";

    SvdElement(String tag, @Nullable SvdElement parent, @Nullable String derivedFrom, Span span) {
        this.tag = tag;
        this.parent = parent;
        this.derivedFrom = derivedFrom;
        this.span = span;
    }

    String tag() {
        return tag;
    }

    @Nullable
    SvdElement parent() {
        return parent;
    }

    @Nullable
    String derivedFrom() {
        return derivedFrom;
    }

    Span span() {
        return span;
    }

    List<SvdElement> children() {
        return children;
    }

    String text() {
        return text;
    }

    void finish(String newText) {
        text = newText;
    }

    /** The first child {@code name}, or null. */
    @Nullable
    SvdElement child(String name) {
        for (SvdElement child : children) {
            if (child.tag.equals(name)) {
                return child;
            }
        }
        return null;
    }

    /** All children that are called {@code name}. */
    Stream<SvdElement> all(String name) {
        return children.stream().filter(child -> child.tag.equals(name));
    }

    /** The text of the child {@code name}, or null where there is none or it is blank. */
    @Nullable
    String text(String name) {
        SvdElement child = child(name);
        return child == null || child.text.isBlank() ? null : child.text.strip();
    }
}
