/** Memory that processes share by descriptors, and files that another process has passed. */
package dev.openppu.hal.posix.shared;
