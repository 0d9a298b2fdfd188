/* From a request to its handler. */
#pragma once

#include "tests/shop/exchange.h"

typedef void route_handler(struct exchange *x);

/* Answer one request; takes the shop's lock. Faults, counters, admin door and
 * authentication included. */
void route_answer(struct exchange *x);

/* The part behind faults and authentication: finds the handler and calls it. */
void route_dispatch(struct exchange *x);

/* Every route as the index shows it, with its methods. */
void route_describe(struct arena *a, struct node *to);

/* 404 rest_no_route. */
void route_refuse(struct exchange *x);

/* Handlers, by the collection they serve. */
void info_root(struct exchange *x);
void info_namespace(struct exchange *x);
void info_system_status(struct exchange *x);
void info_settings_general(struct exchange *x);
void info_currency(struct exchange *x);
void info_statuses(struct exchange *x);
void info_order_totals(struct exchange *x);
void info_gateways(struct exchange *x);

void rest_orders(struct exchange *x);
void rest_order(struct exchange *x);
void rest_orders_batch(struct exchange *x);
void rest_notes(struct exchange *x);
void rest_note(struct exchange *x);
void rest_order_refunds(struct exchange *x);
void rest_order_refund(struct exchange *x);
void rest_refunds(struct exchange *x);
void rest_products(struct exchange *x);
void rest_product(struct exchange *x);
void rest_products_batch(struct exchange *x);
void rest_variations(struct exchange *x);
void rest_variation(struct exchange *x);
void rest_variations_batch(struct exchange *x);
void rest_all_variations(struct exchange *x);
void rest_customers(struct exchange *x);
void rest_customer(struct exchange *x);
void rest_customers_batch(struct exchange *x);
void rest_terms(struct exchange *x);
void rest_term(struct exchange *x);
void rest_tags(struct exchange *x);
void rest_coupons(struct exchange *x);
void rest_coupon(struct exchange *x);
void rest_taxes(struct exchange *x);
void rest_tax(struct exchange *x);
void rest_webhooks(struct exchange *x);
void rest_webhook(struct exchange *x);
void rest_fulfillments(struct exchange *x);
void rest_fulfillment(struct exchange *x);
void rest_fulfillment_meta(struct exchange *x);
void rest_email_templates(struct exchange *x);
void rest_send_email(struct exchange *x);
void rest_send_details(struct exchange *x);
void rest_receipt(struct exchange *x);
void rest_empty(struct exchange *x);
