/**
 * The language in which registers that behave are spoken to: a line a command, {@code read top.status => 1}. Test sequences with known
 * answers are written in it, and {@code ppu rdl serve} takes it; {@code docs/registers.md} has the grammar.
 */
package dev.openppu.rdl.live.script;
