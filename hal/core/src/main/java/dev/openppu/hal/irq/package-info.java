/** MSI-X vectors of a device, counted rather than called back: a waiter watches a counter. */
package dev.openppu.hal.irq;
