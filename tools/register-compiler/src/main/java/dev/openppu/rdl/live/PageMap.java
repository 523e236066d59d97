package dev.openppu.rdl.live;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** From page numbers to pages, of which few exist: a hash table with open addressing that allocates nothing to look. */
final class PageMap<T> {

    private static final int FIRST_CAPACITY = 16;
    private static final long SCATTER = 0x9e37_79b9_7f4a_7c15L;

    private long[] numbers = new long[FIRST_CAPACITY];
    private @Nullable Object[] pages = new Object[FIRST_CAPACITY];
    private int count;

    /** The page {@code number}, or null. */
    @Nullable
    T get(long number) {
        Object[] all = pages;
        int mask = all.length - 1;
        for (int at = slot(number, mask);; at = at + 1 & mask) {
            Object page = all[at];
            if (page == null || numbers[at] == number) {
                @SuppressWarnings("unchecked")
                T found = (T) page;
                return found;
            }
        }
    }

    /** Adds a page whose number is not there yet. */
    void put(long number, T page) {
        if (++count * 2 > pages.length) {
            grow();
        }
        insert(number, page);
    }

    private void insert(long number, Object page) {
        int mask = pages.length - 1;
        int at = slot(number, mask);
        while (pages[at] != null) {
            at = at + 1 & mask;
        }
        numbers[at] = number;
        pages[at] = page;
    }

    private void grow() {
        long[] oldNumbers = numbers;
        Object[] oldPages = pages;
        numbers = new long[oldNumbers.length * 2];
        pages = new Object[oldPages.length * 2];
        for (int i = 0; i < oldPages.length; i++) {
            Object page = oldPages[i];
            if (page != null) {
                insert(oldNumbers[i], page);
            }
        }
    }

    private static int slot(long number, int mask) {
        return (int) (number * SCATTER >>> 32) & mask;
    }

    void clear() {
        Arrays.fill(pages, null);
        count = 0;
    }

    /** Hands every page to {@code consumer}, in no order. */
    void forEach(Consumer<T> consumer) {
        for (Object page : pages) {
            if (page != null) {
                @SuppressWarnings("unchecked")
                T each = (T) page;
                consumer.accept(each);
            }
        }
    }
}
