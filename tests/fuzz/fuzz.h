/* The entry point every fuzzer defines, called by libFuzzer or by driver.c.
 * data is a block of exactly n bytes. Returns 0; a fault aborts (REQUIRE). */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
