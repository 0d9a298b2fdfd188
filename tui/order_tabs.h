/* The tabs of an order as lines. */
#pragma once

struct buf;
struct detail;
struct textview;

void order_lines(struct detail *d, struct textview *t, int width);
void order_addresses(struct detail *d, struct textview *t, int width);
void order_notes(struct detail *d, struct textview *t, int width);
void order_refunds(struct detail *d, struct textview *t, int width);
void order_timeline(struct detail *d, struct textview *t, int width);
void order_raw(struct detail *d, struct textview *t, int width);
void order_why(struct detail *d, struct textview *t, int width);

/* The part that says why it does not leave. */
enum { ORDER_PART_WHY = 4 };

/* "paid bacs 22 Nov 15:12" or "not paid". */
void order_paid(struct detail *d, struct buf *out);
