/**
 * The assembler: TIX text to code objects, and the launch header that a .tix file may begin with (docs/tix.md).
 *
 * <p>Lexer and parser are written by hand: a statement of TIX is one line of words, and what counts is that every mistake is reported at its column, all in one
 * go, at once, whatever the input is.
 */
package dev.openppu.driver.tix;
