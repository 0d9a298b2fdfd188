/* An answer that claims to hold orders. */
#include "tests/fuzz/fuzz_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    fuzz_decode(MIRROR_ORDER, data, n);
    return 0;
}
