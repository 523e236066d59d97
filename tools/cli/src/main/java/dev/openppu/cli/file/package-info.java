/** Files that appear whole or not at all. */
package dev.openppu.cli.file;
