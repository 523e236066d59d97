/** Elaborated maps as JSON: a tree that can be loaded again, and one object a line for every register. */
package dev.openppu.rdl.emit.json;
