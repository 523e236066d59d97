/** How the cost grows with the number of objects. */
@NullMarked
package dev.openppu.bench.growth;

import org.jspecify.annotations.NullMarked;
