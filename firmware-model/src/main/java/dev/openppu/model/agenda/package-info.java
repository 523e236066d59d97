/** What the device has yet to do, bound to the time between two resets. */
package dev.openppu.model.agenda;
