/* Does anything a test has started still have work to do? */
#pragma once

#include <stdbool.h>

/* A thread of this process but the caller's, or of one of its children, runs,
 * waits for a processor or for the disk at this moment. Who sleeps a delay out
 * or waits for somebody else's answer is not busy. */
bool busy(void);
