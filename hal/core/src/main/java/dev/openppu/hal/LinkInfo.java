package dev.openppu.hal;

/**
 * Something that could be opened.
 *
 * @param uri what to give to {@link Links#open}
 * @param address PCI address {@code DDDD:BB:DD.F}, or empty if it gets one only when opened
 * @param description one line
 * @param openable whether opening it is expected to succeed
 * @param remark why not, or a caution; may be empty
 */
public record LinkInfo(String uri, String address, String description, boolean openable, String remark) {}
