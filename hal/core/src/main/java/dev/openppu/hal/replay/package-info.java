/** A recording in place of a device: the link {@code replay:FILE}. */
package dev.openppu.hal.replay;
