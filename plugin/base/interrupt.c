#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t seen;

static void
note_signal(int number)
{
    seen = number;
}

void
lzi_interrupt_catch(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = note_signal,
                               .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (sigaction(numbers[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN) {
            sigaction(numbers[i], &action, NULL);
        }
    }
}

bool
lzi_interrupted(lzi_diag *diag)
{
    static bool told;
    if (seen != 0 && !told) {
        told = true;
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "interrupted: %s",
                    strsignal(seen));
    }
    return seen != 0;
}
