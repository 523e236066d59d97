/** The driver's own queue with a device beside it that needs no bring-up. */
@NullMarked
package dev.openppu.bench.host;

import org.jspecify.annotations.NullMarked;
