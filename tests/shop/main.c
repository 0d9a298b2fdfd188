#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "tests/shop/demo.h"

static const char usage[] =
    "usage: demo-shop [--port N] [--storage posts|hpos] [--orders N]\n"
    "  [--products N] [--customers N] [--seed N] [--latency MS]\n"
    "  [--zone NAME] [--key CK] [--secret CS]\n"
    "  [--permission read|write|read_write] [--home URL] [--prefix PATH]\n"
    "  [--tls-cert PEM --tls-key PEM] [--clock-offset S] [--now UNIX]\n"
    "  [--plain-permalinks] [--trust-http] [--fulfillments]\n"
    "  [--mixed-currency] [--chunked] [--gzip] [--safe-hooks]\n"
    "  [--hook-delay MS]\n"
    "Prints \"listening PORT\" when ready; ends with SIGINT or SIGTERM.\n";

enum {
    O_PORT,
    O_ORDERS,
    O_PRODUCTS,
    O_CUSTOMERS,
    O_LATENCY,
    O_HOOK_DELAY,
    O_SEED,
    O_OFFSET,
    O_NOW,
    O_TEXTS, /* options from here on take text */
    O_STORAGE = O_TEXTS,
    O_ZONE,
    O_KEY,
    O_SECRET,
    O_PERMISSION,
    O_HOME,
    O_PREFIX,
    O_CERT,
    O_CERT_KEY,
    O_FLAGS, /* and from here on nothing */
    O_PLAIN = O_FLAGS,
    O_TRUST,
    O_FULFILLMENTS,
    O_MIXED,
    O_CHUNKED,
    O_GZIP,
    O_SAFE,
    O_HELP
};

static const struct option options[] = {
    {"port", 1, NULL, O_PORT},
    {"orders", 1, NULL, O_ORDERS},
    {"products", 1, NULL, O_PRODUCTS},
    {"customers", 1, NULL, O_CUSTOMERS},
    {"latency", 1, NULL, O_LATENCY},
    {"hook-delay", 1, NULL, O_HOOK_DELAY},
    {"seed", 1, NULL, O_SEED},
    {"clock-offset", 1, NULL, O_OFFSET},
    {"now", 1, NULL, O_NOW},
    {"storage", 1, NULL, O_STORAGE},
    {"zone", 1, NULL, O_ZONE},
    {"key", 1, NULL, O_KEY},
    {"secret", 1, NULL, O_SECRET},
    {"permission", 1, NULL, O_PERMISSION},
    {"home", 1, NULL, O_HOME},
    {"prefix", 1, NULL, O_PREFIX},
    {"tls-cert", 1, NULL, O_CERT},
    {"tls-key", 1, NULL, O_CERT_KEY},
    {"plain-permalinks", 0, NULL, O_PLAIN},
    {"trust-http", 0, NULL, O_TRUST},
    {"fulfillments", 0, NULL, O_FULFILLMENTS},
    {"mixed-currency", 0, NULL, O_MIXED},
    {"chunked", 0, NULL, O_CHUNKED},
    {"gzip", 0, NULL, O_GZIP},
    {"safe-hooks", 0, NULL, O_SAFE},
    {"help", 0, NULL, O_HELP},
    {NULL, 0, NULL, 0},
};

static int number_set(struct demo_options *o, int c, const char *text) {
    int64_t v;
    int *const small[] = {&o->port,      &o->orders,     &o->products,
                          &o->customers, &o->latency_ms, &o->hook_delay_ms};
    if (str_to_i64(text, INT64_MIN, INT64_MAX, &v) < 0)
        return -1;
    if (c == O_SEED)
        o->seed = (uint64_t)v;
    else if (c == O_OFFSET)
        o->clock_offset_s = v;
    else if (c == O_NOW)
        o->now_s = v;
    else if (v < 0 || v > 10000000)
        return -1;
    else
        *small[c] = (int)v;
    return 0;
}

static int text_set(struct demo_options *o, int c, const char *text) {
    const char **const all[] = {NULL,       &o->zone,       &o->key,
                                &o->secret, &o->permission, &o->home,
                                &o->prefix, &o->tls_cert,   &o->tls_key};
    if (c != O_STORAGE) {
        *all[c - O_TEXTS] = text;
        return 0;
    }
    o->hpos = strcmp(text, "hpos") == 0;
    return o->hpos || strcmp(text, "posts") == 0 ? 0 : -1;
}

static int options_read(struct demo_options *o, int argc, char **argv) {
    bool *const flags[] = {&o->plain_permalinks, &o->trust_http,
                           &o->fulfillments,     &o->mixed_currency,
                           &o->chunked,          &o->gzip,
                           &o->safe_hooks};
    int c, bad = 0;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == O_HELP || c == '?')
            return -1;
        if (c < O_TEXTS)
            bad = number_set(o, c, optarg);
        else if (c < O_FLAGS)
            bad = text_set(o, c, optarg);
        else
            *flags[c - O_FLAGS] = true;
        if (bad < 0)
            return -1;
    }
    return optind == argc ? 0 : -1;
}

int main(int argc, char **argv) {
    struct demo_options o = {
        .orders = 200, .products = 60, .customers = 40, .seed = 1};
    sigset_t set;
    int sig;
    if (options_read(&o, argc, argv) < 0) {
        (void)fputs(usage, stderr);
        return 64;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    struct demo_shop *s = demo_shop_start(&o);
    if (!s)
        return 1;
    (void)printf("listening %d\n", demo_shop_port(s));
    (void)fflush(stdout);
    (void)sigwait(&set, &sig);
    demo_shop_stop(s);
    return 0;
}
