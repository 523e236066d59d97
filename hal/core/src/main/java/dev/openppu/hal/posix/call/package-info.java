/** What every native call needs: a handle by the C library's name, and the error that it left behind. Of this package and those below it. */
package dev.openppu.hal.posix.call;
