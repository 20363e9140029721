/* tally.h: the counts of a reliability test, printed for docs/reliability.md:
 * what python/tally.py does in Python. */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>
#include <stdio.h>

static inline void
tally_report(const char *promise, uint64_t cases, uint64_t signals,
             uint64_t wrong, uint64_t hangs)
{
    printf("\nreliability: %s | %llu | %llu | %llu | %llu\n", promise,
           (unsigned long long)cases, (unsigned long long)signals,
           (unsigned long long)wrong, (unsigned long long)hangs);
    fflush(stdout);
}

#endif
