package dev.openppu.hal;

/**
 * What a link is, for people.
 *
 * @param uri the URI that opened it, for example {@code model:zw810e?clock=sim&seed=7}
 * @param address PCI address in the form {@code DDDD:BB:DD.F}
 * @param description one line, for example {@code in-process model of PPU-ZW810E, simulated clock}
 * @param simulated no silicon is behind it
 */
public record LinkIdentity(String uri, String address, String description, boolean simulated) {}
