/** Conformance cases as plain values, and the runner that holds any link to them. */
package dev.openppu.harness;
