/** Registers that behave, served: {@code ppu rdl serve}'s engine. One command a line, one line of reply; {@code docs/registers.md} has the language. */
package dev.openppu.cli.serve;
