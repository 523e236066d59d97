/** Results as text, as JSON and as a page. */
@NullMarked
package dev.openppu.bench.report;

import org.jspecify.annotations.NullMarked;
