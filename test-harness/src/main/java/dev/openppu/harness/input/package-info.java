/** Files that a user names to be read: what is wrong with one is said with its name and line, in this program's words. */
package dev.openppu.harness.input;
