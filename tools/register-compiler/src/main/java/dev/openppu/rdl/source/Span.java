package dev.openppu.rdl.source;

/**
 * A stretch of the preprocessed text, from {@code start} up to and not including {@code end}. {@link SourceText} translates it
 * to a place in a file.
 *
 * @param start the first character's offset
 * @param end   the offset after the last character
 */
public record Span(int start, int end) {}
