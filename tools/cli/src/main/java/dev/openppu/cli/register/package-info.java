/** Registers by the names that the .rdl gives them: finding, reading, decoding, writing. */
package dev.openppu.cli.register;
