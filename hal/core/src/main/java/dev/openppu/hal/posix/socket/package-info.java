/** Stream sockets in the file system, which carry bytes and descriptors between processes. */
package dev.openppu.hal.posix.socket;
