#include "out/pdf/code128.h"

#include <stdbool.h>
#include <string.h>

enum { TO_C = 99, TO_B = 100, START_B = 104, START_C = 105, STOP = 106 };

/* Bars and gaps of each symbol. */
static const char patterns[][8] = {
    "212222", "222122",  "222221", "121223", "121322", "131222", "122213",
    "122312", "132212",  "221213", "221312", "231212", "112232", "122132",
    "122231", "113222",  "123122", "123221", "223211", "221132", "221231",
    "213212", "223112",  "312131", "311222", "321122", "321221", "312212",
    "322112", "322211",  "212123", "212321", "232121", "111323", "131123",
    "131321", "112313",  "132113", "132311", "211313", "231113", "231311",
    "112133", "112331",  "132131", "113123", "113321", "133121", "313121",
    "211331", "231131",  "213113", "213311", "213131", "311123", "311321",
    "331121", "312113",  "312311", "332111", "314111", "221411", "431111",
    "111224", "111422",  "121124", "121421", "141122", "141221", "112214",
    "112412", "122114",  "122411", "142112", "142211", "241211", "221114",
    "413111", "241112",  "134111", "111242", "121142", "121241", "114212",
    "124112", "124211",  "411212", "421112", "421211", "212141", "214121",
    "412121", "111143",  "111341", "131141", "114113", "114311", "411113",
    "411311", "113141",  "114131", "311141", "411131", "211412", "211214",
    "211232", "2331112",
};

static size_t digits(const char *s) {
    return strspn(s, "0123456789");
}

/* Two digits a symbol are worth a switch from four on. */
static bool wants_c(const char *s) {
    return digits(s) >= 4;
}

static size_t data(const char *s, uint8_t *ret) {
    bool c = wants_c(s);
    size_t n = 0;
    ret[n++] = c ? START_C : START_B;
    while (*s) {
        if (c && digits(s) < 2) {
            ret[n++] = TO_B;
            c = false;
        } else if (!c && wants_c(s)) {
            ret[n++] = TO_C;
            c = true;
        }
        if (c) {
            ret[n++] = (uint8_t)((s[0] - '0') * 10 + s[1] - '0');
            s += 2;
        } else {
            ret[n++] = (uint8_t)(*s++ - ' ');
        }
    }
    return n;
}

size_t code128_symbols(const char *text, uint8_t ret[CODE128_SYMBOLS]) {
    size_t len = 0;
    unsigned sum;
    while (text[len] >= 0x20 && text[len] < 0x7F)
        len++;
    if (len == 0 || text[len] || len > CODE128_TEXT)
        return 0;
    size_t n = data(text, ret);
    sum = ret[0];
    for (size_t i = 1; i < n; i++)
        sum += (unsigned)i * ret[i];
    ret[n++] = (uint8_t)(sum % 103);
    ret[n++] = STOP;
    return n;
}

size_t code128_widths(const char *text, uint8_t ret[CODE128_WIDTHS],
                      int *ret_modules) {
    uint8_t symbols[CODE128_SYMBOLS];
    size_t n = code128_symbols(text, symbols), at = 0;
    int modules = 0;
    for (size_t i = 0; i < n; i++)
        for (const char *p = patterns[symbols[i]]; *p; p++) {
            ret[at++] = (uint8_t)(*p - '0');
            modules += *p - '0';
        }
    *ret_modules = modules;
    return at;
}
