/* The forms there are: what of an object can be edited, and what can be made.
 * Each opens on top; see tui/edit.h. */
#pragma once

struct app;

void edit_order_shipping(struct app *a, const char *ref);
void edit_order_billing(struct app *a, const char *ref);
void edit_order_customer_note(struct app *a, const char *ref);
void edit_order_note(struct app *a, const char *ref);
void edit_order_refund(struct app *a, const char *ref);
void edit_order_hold(struct app *a, const char *ref);
void edit_order_release(struct app *a, const char *ref);
void edit_order_tag(struct app *a, const char *ref);
void edit_order_track(struct app *a, const char *ref);
void edit_product(struct app *a, const char *ref);
void edit_stock(struct app *a, const char *ref);
/* What a product is made of. */
void edit_bundle(struct app *a, const char *ref);
/* Pieces in the warehouse; tracking: of an inventory row. Of an owner, who
 * knows no bins, it is edit_stock. */
void edit_correct(struct app *a, const char *ref, const char *tracking);
void edit_move(struct app *a, const char *ref, const char *tracking);
/* The day a lot expires; key: of a lot_row. */
void edit_lot(struct app *a, const char *key);
void edit_limits(struct app *a, const char *ref);
void create_bin(struct app *a);
void edit_bin(struct app *a, const char *code);
void create_inbound(struct app *a);
/* What is to come with an inbound shipment, one item after the other. */
void edit_expect(struct app *a, const char *id);
void create_count(struct app *a);
void edit_customer(struct app *a, const char *ref);
void edit_customer_tag(struct app *a, const char *ref);
void edit_customer_note(struct app *a, const char *ref);
/* Why a proposal is rejected; other values for one of your own. */
void edit_rejection(struct app *a, const char *id);
void edit_proposal(struct app *a, const char *id);
/* The wanted values of an open change. */
void edit_change(struct app *a, const char *id);

void create_product(struct app *a);
void create_customer(struct app *a);
void create_category(struct app *a);
void edit_category(struct app *a, const char *ref, const char *name);
/* The categories a product is to be in (references) and was in (ids), as JSON
 * arrays. */
void edit_product_categories(struct app *a, const char *ref, const char *refs,
                             const char *were);
