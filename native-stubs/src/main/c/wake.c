#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "twins.h"

struct side {
    int mine;
    int other;
    int32_t cpu;
    int64_t count;
};

static void post(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void await_post(int fd)
{
    uint64_t value;
    while (read(fd, &value, sizeof value) < 0 && errno == EINTR)
        ;
}

static void *answer(void *argument)
{
    struct side *side = argument;
    twin_pin(side->cpu);
    for (int64_t i = 0; i < side->count; i++) {
        await_post(side->mine);
        post(side->other);
    }
    return NULL;
}

static int64_t ask(struct side *side, uint64_t *buckets)
{
    int64_t start = twin_now();
    for (int64_t i = 0; i < side->count; i++) {
        int64_t before = twin_now();
        post(side->other);
        await_post(side->mine);
        twin_record(buckets, (twin_now() - before) / 2);
    }
    return (twin_now() - start) / 2;
}

/* The caller pins itself to cpu before, if it is to be pinned. */
int64_t twin_wake_ups(int32_t cpu, int32_t other_cpu, int64_t count, uint64_t *buckets)
{
    struct side here = {eventfd(0, EFD_CLOEXEC), -1, cpu, count};
    struct side there = {eventfd(0, EFD_CLOEXEC), here.mine, other_cpu, count};
    pthread_t thread;
    int64_t nanos = -1;
    here.other = there.mine;
    if (here.mine >= 0 && there.mine >= 0 && !pthread_create(&thread, NULL, answer, &there)) {
        nanos = ask(&here, buckets);
        pthread_join(thread, NULL);
    }
    close(here.mine);
    close(there.mine);
    return nanos;
}
