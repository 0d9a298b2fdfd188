#include "tests/shop/http_body.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/mem.h"
#include "tests/shop/shop.h"
#include "tests/shop/timers.h"

struct body {
    char *data;
    size_t n;
    int64_t cut;  /* end the connection after so many bytes; -1 = never */
    int64_t drip; /* bytes each 10 ms; 0 = all at once */
    bool rested;  /* the pause before the next drop is over */
    struct MHD_Connection *conn;
    struct timers *timers;
};

static void drop(void *arg, bool stopping) {
    (void)stopping;
    MHD_resume_connection(arg);
}

static void body_free(void *cls) {
    struct body *b = cls;
    free(b->data);
    free(b);
}

static ssize_t body_read(void *cls, uint64_t pos, char *to, size_t max) {
    struct body *b = cls;
    size_t end = b->n;
    if (b->cut >= 0 && (size_t)b->cut < end)
        end = (size_t)b->cut;
    if (pos >= end)
        return b->cut >= 0 ? MHD_CONTENT_READER_END_WITH_ERROR
                           : MHD_CONTENT_READER_END_OF_STREAM;
    size_t n = end - pos < max ? end - pos : max;
    if (b->drip && !b->rested) {
        b->rested = true;
        MHD_suspend_connection(b->conn);
        timers_add(b->timers, timers_now() + 10000, drop, b->conn);
        return 0;
    }
    b->rested = false;
    if (b->drip && n > (size_t)b->drip)
        n = (size_t)b->drip;
    memcpy(to, b->data + pos, n);
    return (ssize_t)n;
}

/* Replace the body by its gzip form. */
static void compress_body(struct exchange *x) {
    z_stream z = {0};
    if (!x->out.len ||
        deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    struct buf packed = BUF_INIT;
    size_t room = deflateBound(&z, x->out.len);
    z.next_in = (unsigned char *)x->out.data;
    z.avail_in = (unsigned)x->out.len;
    z.next_out = (unsigned char *)buf_reserve(&packed, room);
    z.avail_out = (unsigned)room;
    if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
        buf_added(&packed, room - z.avail_out);
        buf_done(&x->out);
        x->out = packed;
        exchange_header(x, "Content-Encoding", "gzip");
    } else {
        buf_done(&packed);
    }
    (void)deflateEnd(&z);
}

struct MHD_Response *http_body_response(struct exchange *x,
                                        struct MHD_Connection *conn) {
    const struct fault_act *act = x->fault;
    if (x->shop->o.gzip && x->accept_encoding &&
        strstr(x->accept_encoding, "gzip"))
        compress_body(x);
    size_t n = x->out.len;
    char *data = buf_take(&x->out);
    bool special = act && (act->cut >= 0 || act->drip);
    if (!special && !x->shop->o.chunked)
        return MHD_create_response_from_buffer(n, data, MHD_RESPMEM_MUST_FREE);
    struct body *b = NEW(struct body);
    *b = (struct body){.data = data,
                       .n = n,
                       .cut = act ? act->cut : -1,
                       .drip = act ? act->drip : 0,
                       .conn = conn,
                       .timers = x->shop->timers};
    return MHD_create_response_from_callback(
        x->shop->o.chunked ? MHD_SIZE_UNKNOWN : n, 64 << 10, body_read, b,
        body_free);
}
