/** Elaborated maps as SystemRDL again. */
package dev.openppu.rdl.emit.rdl;
