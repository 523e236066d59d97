/** What commands print: lines that fill in, tables, JSON; plain where nobody looks. */
package dev.openppu.cli.console;
