package dev.openppu.hal;

/** Something that cannot be seen through a link, and why ("the kernel keeps the MSI-X table to itself"). */
public record Unobservable(Observable what, String reason) {}
