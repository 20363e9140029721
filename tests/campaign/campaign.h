/* campaign.h: run many cases of a promise, and survive what they do.
 *
 * A case runs in a child process. One that dies, or that takes longer than
 * CAMPAIGN_PATIENCE seconds, is counted and told, and the campaign goes on
 * with the next. The result is a line that a table can be made of:
 *
 *     reliability: <promise> | <cases> | <signals> | <wrong> | <hangs>
 *
 * Threads: none; the caller must have only one. */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAMPAIGN_PATIENCE = 120 };

/** @param number Of the case, from 0; all that is random depends on it.
 * @return NULL: as promised; else what is wrong. Borrowed. */
typedef const char *campaign_case(void *context, uint64_t number);

/** Run all cases and print the line.
 * @return whether all were as promised. */
bool campaign_run(const char *promise, uint64_t cases, campaign_case *run,
                  void *context);

/** Numbers that look random: a state of one's own, seeded with anything. */
uint64_t campaign_random(uint64_t *state);
/** The same, below @p limit, which is not 0. */
size_t campaign_below(uint64_t *state, size_t limit);

#endif
