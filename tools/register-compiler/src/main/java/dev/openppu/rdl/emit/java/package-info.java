/** Java accessors from the elaborated model. */
package dev.openppu.rdl.emit.java;
