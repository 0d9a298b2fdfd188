/* The screens there are. Adding one: a file with its view_ops, a row here and
 * in view.c. */
#pragma once

#include "tui/link.h"
#include "tui/view.h"

extern const struct view_ops view_dashboard_ops;
extern const struct view_ops view_orders_ops;
extern const struct view_ops view_order_ops;
extern const struct view_ops view_new_order_ops; /* arg: the store */
extern const struct view_ops view_products_ops;
extern const struct view_ops view_product_ops;
extern const struct view_ops view_categories_ops; /* arg: a product, or none */
extern const struct view_ops view_import_ops;     /* arg: products, inventory */
extern const struct view_ops view_customers_ops;
extern const struct view_ops view_customer_ops;
extern const struct view_ops view_stores_ops;
extern const struct view_ops view_store_ops;
extern const struct view_ops view_store_form_ops; /* add or edit */
extern const struct view_ops view_attention_ops;
extern const struct view_ops view_changes_ops;
extern const struct view_ops view_change_ops;
extern const struct view_ops view_picking_ops;
extern const struct view_ops view_work_ops;
extern const struct view_ops view_tickets_ops;
extern const struct view_ops view_ticket_ops;
extern const struct view_ops view_find_ops; /* over any screen */
extern const struct view_ops view_users_ops;
extern const struct view_ops view_user_ops;
extern const struct view_ops view_tenants_ops;
extern const struct view_ops view_tenant_ops;
extern const struct view_ops view_sessions_ops; /* arg: a user, or NULL */
extern const struct view_ops view_tokens_ops;
extern const struct view_ops view_audit_ops;
extern const struct view_ops view_audit_row_ops;
extern const struct view_ops view_profile_ops;
extern const struct view_ops view_totp_ops;
extern const struct view_ops view_once_ops;  /* tui/once.h opens it */
extern const struct view_ops view_paper_ops; /* slip, pick list, label */
extern const struct view_ops view_inventory_ops;
extern const struct view_ops view_level_ops;
extern const struct view_ops view_bins_ops;
extern const struct view_ops view_bin_ops;
extern const struct view_ops view_receiving_ops;
extern const struct view_ops view_counts_ops;
extern const struct view_ops view_lots_ops;
extern const struct view_ops view_scan_ops; /* I-12: receives; C-7: counts */
extern const struct view_ops view_pack_ops;
extern const struct view_ops view_shipments_ops;
extern const struct view_ops view_shipment_ops;
extern const struct view_ops view_returns_ops;
extern const struct view_ops view_return_ops;
extern const struct view_ops view_receive_ops; /* count in what came back */
extern const struct view_ops view_letter_ops;  /* see it, send it */
extern const struct view_ops view_mails_ops;
extern const struct view_ops view_mail_ops;
extern const struct view_ops view_approvals_ops;
extern const struct view_ops view_approval_ops;
extern const struct view_ops view_signin_ops; /* when the daemon asks */
extern const struct view_ops view_prove_ops;  /* when it asks again */
extern const struct view_ops view_edit_ops;   /* tui/edit.h opens it */
extern const struct view_ops view_pick_ops;   /* tui/pick.h */
extern const struct view_ops view_bulk_ops;   /* tui/bulk.h */
extern const struct view_ops view_help_ops;   /* help and palette */

/* Ask a method that takes {"ref": ref}. */
void view_ask_ref(struct app *a, const char *method, const char *ref,
                  link_cb *cb, void *arg);

/* {"name": value} as JSON text. */
void view_param(struct buf *out, const char *name, const char *value);
