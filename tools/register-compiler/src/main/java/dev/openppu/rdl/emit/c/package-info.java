/** C headers from the elaborated model. */
package dev.openppu.rdl.emit.c;
