/** SystemRDL's grammar, and what reads a text by it. */
package dev.openppu.rdl.syntax;
