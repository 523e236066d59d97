/** What the driver costs: {@code ppu bench}. */
@NullMarked
package dev.openppu.bench;

import org.jspecify.annotations.NullMarked;
