/** Places in a map: from a path such as {@code top.block[2].reg.field}, or from an address, to the node there; arrays stay as they are. */
package dev.openppu.rdl.path;
