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
void order_parcels(struct detail *d, struct textview *t, int width);
void order_why(struct detail *d, struct textview *t, int width);

/* Further answers its tabs read: why it does not leave, its parcels, the links
 * that show it. */
enum { ORDER_PART_WHY = 4, ORDER_PART_PARCELS, ORDER_PART_SHARES };

/* "paid bacs 22 Nov 15:12" or "not paid". */
void order_paid(struct detail *d, struct buf *out);
