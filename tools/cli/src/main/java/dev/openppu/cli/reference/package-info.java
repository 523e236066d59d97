/** What kernels should compute, in plain Java: written from the mathematics, sharing nothing with assembler, device or driver. */
package dev.openppu.cli.reference;
