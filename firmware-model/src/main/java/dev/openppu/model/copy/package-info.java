/** Copy engines: bytes from one virtual address to another, in bursts. */
package dev.openppu.model.copy;
