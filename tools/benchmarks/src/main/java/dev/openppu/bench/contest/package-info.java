/** How Java and C are measured beside each other: contests in interleaved rounds, and what is told of them. */
@NullMarked
package dev.openppu.bench.contest;

import org.jspecify.annotations.NullMarked;
