/** What Java programmers would otherwise take for a hand-over. */
@NullMarked
package dev.openppu.bench.handover;

import org.jspecify.annotations.NullMarked;
