/** The published error numbers, XIDs, HGresults, device exceptions and remedies, and which of them belong to a fault of this device. */
package dev.openppu.abi.error;
