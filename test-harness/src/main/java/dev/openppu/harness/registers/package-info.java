/** The register suite: cases that are generated from any elaborated map, for any link. */
package dev.openppu.harness.registers;
