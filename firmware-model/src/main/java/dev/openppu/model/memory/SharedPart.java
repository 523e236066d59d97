package dev.openppu.model.memory;

import dev.openppu.hal.posix.file.SharedMemory;

/**
 * Device memory whose pages are a file's, from its beginning on, so that others may have mapped them.
 *
 * @param first PA of its first byte
 * @param bytes whole pages
 */
record SharedPart(long first, long bytes, SharedMemory file) {
    long end() {
        return first + bytes;
    }

    /** Whether anybody has touched the page of an address: asks the file, because looking at the page would touch it. */
    boolean touched(long address) {
        if (address < first || address >= end()) {
            return false;
        }
        long page = (address & -SparseMemory.PAGE) - first;
        return file.nextTouched(page, page + SparseMemory.PAGE) < page + SparseMemory.PAGE;
    }

    long nextTouched(long from, long to) {
        return first + file.nextTouched(from - first, to - first);
    }

    long nextUntouched(long from, long to) {
        return first + file.nextUntouched(from - first, to - first);
    }
}
