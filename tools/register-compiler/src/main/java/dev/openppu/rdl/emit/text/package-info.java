/** An elaborated map as plain text for a terminal. */
package dev.openppu.rdl.emit.text;
