/** The suite {@code pci}: config space bit by bit, BARs, command bits, errors, MSI-X, power states and function-level reset, from the specification's text alone. */
package dev.openppu.harness.pci;
