/**
 * The C twins by typed calls. Beside {@code dev.openppu.hal.posix} the only package of the house that makes native calls (docs/decisions/0004): it belongs to the
 * benchmarks, not to the product.
 *
 * <p>Without a C compiler at build time there is no library: {@link dev.openppu.twin.TwinLibrary#absence} says why, and every call here throws {@link
 * java.lang.UnsupportedOperationException}.
 */
package dev.openppu.twin;
