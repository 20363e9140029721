#include "campaign.h"

#include "tally.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Cases that are told; all are counted. */
enum { TOLD = 10 };

typedef struct {
    volatile uint64_t next; /* case under way, then the one behind the last */
    volatile uint64_t wrong;
} progress;

typedef struct {
    const char *promise;
    uint64_t cases, signals, hangs;
    campaign_case *run;
    void *context;
    progress *shared; /* with the child */
} campaign;

static void
tell(const campaign *self, uint64_t number, uint64_t before, const char *what)
{
    if (before < TOLD) {
        fprintf(stderr, "%s: case %llu: %s\n", self->promise,
                (unsigned long long)number, what);
    }
}

static void
run_cases(campaign *self)
{
    progress *shared = self->shared;
    for (; shared->next < self->cases; shared->next++) {
        const char *wrong = self->run(self->context, shared->next);
        if (wrong != NULL) {
            tell(self, shared->next, shared->wrong, wrong);
            shared->wrong++;
        }
    }
}

/* Wait for a child for as long as it gets on.
 * @return its status; -1: it did not, and was killed. */
static int
watch(const campaign *self, pid_t child)
{
    const struct timespec pause = {0, 5 * 1000 * 1000};
    uint64_t seen = self->shared->next;
    time_t since = time(NULL);
    int status;
    while (waitpid(child, &status, WNOHANG) == 0) {
        nanosleep(&pause, NULL);
        if (self->shared->next != seen) {
            seen = self->shared->next;
            since = time(NULL);
        }
        else if (time(NULL) - since > CAMPAIGN_PATIENCE) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
    }
    return status;
}

/* A child, for the cases from where the last one ended. */
static void
run_child(campaign *self)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run_cases(self);
        fflush(NULL);
        _exit(0);
    }
    int status = child < 0 ? -1 : watch(self, child);
    if (child < 0) {
        perror("fork");
        exit(1);
    }
    if (self->shared->next >= self->cases && status == 0) {
        return;
    }
    if (status == -1) {
        tell(self, self->shared->next, self->hangs++, "does not end");
    }
    else {
        char text[64];
        snprintf(text, sizeof(text), "died with status %#x", (unsigned)status);
        tell(self, self->shared->next, self->signals++, text);
    }
    self->shared->next++;
}

bool
campaign_run(const char *promise, uint64_t cases, campaign_case *run,
             void *context)
{
    campaign self = {promise, cases, 0, 0, run, context, NULL};
    self.shared = mmap(NULL, sizeof(progress), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (self.shared == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    while (self.shared->next < cases) {
        run_child(&self);
    }
    uint64_t wrong = self.shared->wrong;
    munmap(self.shared, sizeof(progress));
    tally_report(promise, cases, self.signals, wrong, self.hangs);
    return cases > 0 && self.signals == 0 && wrong == 0 && self.hangs == 0;
}

uint64_t
campaign_random(uint64_t *state) /* SplitMix64 */
{
    uint64_t value = *state += 0x9E3779B97F4A7C15u;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    return value ^ value >> 31;
}

size_t
campaign_below(uint64_t *state, size_t limit)
{
    return (size_t)(campaign_random(state) % limit);
}
