/** The ppu command. */
package dev.openppu.cli;
