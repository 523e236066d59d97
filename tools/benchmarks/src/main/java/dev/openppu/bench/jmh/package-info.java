/** The same operations under JMH. */
@NullMarked
package dev.openppu.bench.jmh;

import org.jspecify.annotations.NullMarked;
