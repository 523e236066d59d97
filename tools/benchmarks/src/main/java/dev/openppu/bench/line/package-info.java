/** The lines of the table: one contest each. */
@NullMarked
package dev.openppu.bench.line;

import org.jspecify.annotations.NullMarked;
