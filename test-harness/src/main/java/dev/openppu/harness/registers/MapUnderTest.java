package dev.openppu.harness.registers;

import dev.openppu.rdl.model.AddressMap;

/**
 * A map and the BAR in which the device shows it from offset 0 on.
 *
 * @param source what the map was read from, for messages where a component does not know its line
 */
public record MapUnderTest(int bar, AddressMap map, String source) {}
