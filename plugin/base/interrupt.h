/* interrupt.h: a signal that asks the tool to end, seen where it is safe.
 *
 * For commands that have temporary files to remove. Threads: the signal
 * reaches any; the flag is the process's. */
#ifndef LZI_INTERRUPT_H
#define LZI_INTERRUPT_H

#include "diag.h"

/** From now on SIGINT, SIGTERM and SIGHUP only set a flag, once: the second
 * ends the process. A signal that is ignored stays so. */
void lzi_interrupt_catch(void);

/** Whether there was one; reported the first time this is asked. */
bool lzi_interrupted(lzi_diag *diag);

#endif
