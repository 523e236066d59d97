#include <stdlib.h>
#include <string.h>

#include "twins.h"

/* Page tables as in docs/device.md, section 6: four levels of 512 entries. */
enum { ENTRIES = 512, PAGE_SHIFT = 12, LEVEL_SHIFT = 9, ROOT_LEVEL = 3 };
enum { ENTRY_VALID = 1, ENTRY_LEAF = 1 << 4 };

/* What the host keeps of a table, so that device memory is never read back. */
struct table {
    uint64_t address;
    uint64_t entries[ENTRIES];
    struct table *children[ENTRIES];
};

struct space {
    uint8_t *memory;
    uint64_t bytes;
    uint64_t next;
};

static struct table *new_table(struct space *space)
{
    if (space->next + sizeof(uint64_t) * ENTRIES > space->bytes)
        return NULL;
    struct table *table = calloc(1, sizeof *table);
    if (table) {
        table->address = space->next;
        space->next += sizeof(uint64_t) * ENTRIES;
    }
    return table;
}

static void free_table(struct table *table)
{
    if (!table)
        return;
    for (int i = 0; i < ENTRIES; i++)
        free_table(table->children[i]);
    free(table);
}

/* Fills a table for [from, end) and writes it whole; the entry that points to it is written after it. */
static int map(struct space *space, struct table *table, int level, uint64_t from, uint64_t end, uint64_t delta, uint64_t flags)
{
    int shift = PAGE_SHIFT + LEVEL_SHIFT * level;
    uint64_t span = 1ull << shift;
    for (uint64_t at = from; at < end;) {
        uint64_t next = (at & -span) + span;
        int index = (int)(at >> shift) & (ENTRIES - 1);
        if (next > end)
            next = end;
        if (table->entries[index] & ENTRY_VALID && level == 0)
            return -1;
        if (level == 0) {
            table->entries[index] = (at + delta) | flags | ENTRY_VALID | ENTRY_LEAF;
        } else {
            struct table *child = table->children[index];
            if (!child)
                child = table->children[index] = new_table(space);
            if (!child || map(space, child, level - 1, at, next, delta, flags))
                return -1;
            table->entries[index] = child->address | ENTRY_VALID;
        }
        at = next;
    }
    memcpy(space->memory + table->address, table->entries, sizeof table->entries);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return 0;
}

int64_t twin_map_pages(uint8_t *memory, uint64_t memory_bytes, uint64_t address, uint64_t target, uint64_t bytes, uint64_t flags)
{
    struct space space = {memory, memory_bytes, 0};
    int64_t start = twin_now();
    struct table *root = new_table(&space);
    int failed = !root || map(&space, root, ROOT_LEVEL, address, address + bytes, target - address, flags);
    int64_t nanos = twin_now() - start;
    free_table(root);
    return failed ? -1 : nanos;
}
