/** What changed between two elaborated maps, as the author of a driver asks. */
package dev.openppu.rdl.compare;
