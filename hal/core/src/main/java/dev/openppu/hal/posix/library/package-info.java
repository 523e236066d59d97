/** Libraries with devices, called through the Foreign Function and Memory API. */
package dev.openppu.hal.posix.library;
