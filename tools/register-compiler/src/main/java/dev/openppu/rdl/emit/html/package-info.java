/** A map as one self-contained HTML document: the register reference. */
package dev.openppu.rdl.emit.html;
