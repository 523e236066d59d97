/** Faults put into a model on purpose: what goes wrong in hardware, and when. Tests plan them; the device meets them. */
package dev.openppu.model.fault;
