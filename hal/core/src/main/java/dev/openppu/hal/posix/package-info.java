/** Linux system calls through the foreign function interface: the only package of the house that makes native calls. */
package dev.openppu.hal.posix;
