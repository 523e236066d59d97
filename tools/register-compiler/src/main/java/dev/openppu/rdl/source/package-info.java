/** Sources of a description, places in them, and messages about them. */
package dev.openppu.rdl.source;
