/**
 * Code objects and native instructions: what the assembler writes, the driver uploads and the compute units execute.
 *
 * <p>The published facts stop at TIX, the virtual instruction set; the native encoding, the container and the kernel descriptor are OpenPPU's own design
 * (docs/tix.md). Everything is little-endian. Nothing here trusts its input: a damaged object is refused by name, an unknown bit pattern decodes to an
 * instruction that faults.
 */
package dev.openppu.abi.code;
