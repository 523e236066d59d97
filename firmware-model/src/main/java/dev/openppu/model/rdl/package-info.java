/** Any map as a device: URI {@code rdl:FILE?option=value&…}. The function has the map in a BAR, live, and an interrupt vector for each of its outputs. */
package dev.openppu.model.rdl;
