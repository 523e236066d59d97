/** What of a device has been used: registers and their fields, packets, page faults, resets. */
package dev.openppu.harness.cover;
