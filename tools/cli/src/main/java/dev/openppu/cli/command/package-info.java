/** One class for each thing that a user asks of {@code ppu}. */
package dev.openppu.cli.command;
