/** Files: the kernel's, which are asked, memory that processes share by descriptors, and those that another process has passed. */
package dev.openppu.hal.posix.file;
