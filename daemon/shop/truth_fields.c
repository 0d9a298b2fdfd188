/* The lists behind the truth hash. Adding a member changes the hash of every
 * object of the kind. */
#include "shop/truth_fields.h"

#include <stddef.h>

/* Element of a list of plain values. */
static const struct truth_field plain[] = {{0}};
static const struct truth_field id_only[] = {{"id", TRUTH_SCALAR, NULL}, {0}};

static const struct truth_field address[] = {
    {"first_name", TRUTH_SCALAR, NULL}, {"last_name", TRUTH_SCALAR, NULL},
    {"company", TRUTH_SCALAR, NULL},    {"address_1", TRUTH_SCALAR, NULL},
    {"address_2", TRUTH_SCALAR, NULL},  {"city", TRUTH_SCALAR, NULL},
    {"state", TRUTH_SCALAR, NULL},      {"postcode", TRUTH_SCALAR, NULL},
    {"country", TRUTH_SCALAR, NULL},    {"email", TRUTH_SCALAR, NULL},
    {"phone", TRUTH_SCALAR, NULL},      {0},
};

static const struct truth_field line_tax[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"total", TRUTH_SCALAR, NULL},
    {"subtotal", TRUTH_SCALAR, NULL},
    {0},
};

static const struct truth_field line[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"name", TRUTH_DECODED, NULL},
    {"product_id", TRUTH_SCALAR, NULL},
    {"variation_id", TRUTH_SCALAR, NULL},
    {"quantity", TRUTH_SCALAR, NULL},
    {"tax_class", TRUTH_SCALAR, NULL},
    {"subtotal", TRUTH_SCALAR, NULL},
    {"subtotal_tax", TRUTH_SCALAR, NULL},
    {"total", TRUTH_SCALAR, NULL},
    {"total_tax", TRUTH_SCALAR, NULL},
    {"taxes", TRUTH_LIST, line_tax},
    {"meta_data", TRUTH_META, NULL},
    {"sku", TRUTH_SCALAR, NULL},
    {"global_unique_id", TRUTH_SCALAR, NULL},
    {"parent_name", TRUTH_DECODED, NULL},
    {0},
};

static const struct truth_field tax_line[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"rate_code", TRUTH_SCALAR, NULL},
    {"rate_id", TRUTH_SCALAR, NULL},
    {"label", TRUTH_SCALAR, NULL},
    {"compound", TRUTH_SCALAR, NULL},
    {"tax_total", TRUTH_SCALAR, NULL},
    {"shipping_tax_total", TRUTH_SCALAR, NULL},
    {"rate_percent", TRUTH_SCALAR, NULL},
    {"meta_data", TRUTH_META, NULL},
    {0},
};

static const struct truth_field shipping_line[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"method_title", TRUTH_DECODED, NULL},
    {"method_id", TRUTH_SCALAR, NULL},
    {"instance_id", TRUTH_SCALAR, NULL},
    {"total", TRUTH_SCALAR, NULL},
    {"total_tax", TRUTH_SCALAR, NULL},
    {"taxes", TRUTH_LIST, line_tax},
    {"meta_data", TRUTH_META, NULL},
    {0},
};

static const struct truth_field fee_line[] = {
    {"id", TRUTH_SCALAR, NULL},        {"name", TRUTH_DECODED, NULL},
    {"tax_class", TRUTH_SCALAR, NULL}, {"tax_status", TRUTH_SCALAR, NULL},
    {"amount", TRUTH_SCALAR, NULL},    {"total", TRUTH_SCALAR, NULL},
    {"total_tax", TRUTH_SCALAR, NULL}, {"taxes", TRUTH_LIST, line_tax},
    {"meta_data", TRUTH_META, NULL},   {0},
};

static const struct truth_field coupon_line[] = {
    {"id", TRUTH_SCALAR, NULL},       {"code", TRUTH_SCALAR, NULL},
    {"discount", TRUTH_SCALAR, NULL}, {"discount_tax", TRUTH_SCALAR, NULL},
    {"meta_data", TRUTH_META, NULL},  {0},
};

static const struct truth_field order_refund[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"reason", TRUTH_SCALAR, NULL},
    {"total", TRUTH_SCALAR, NULL},
    {0},
};

static const struct truth_field order[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"parent_id", TRUTH_SCALAR, NULL},
    {"status", TRUTH_SCALAR, NULL},
    {"currency", TRUTH_SCALAR, NULL},
    {"prices_include_tax", TRUTH_SCALAR, NULL},
    {"discount_total", TRUTH_SCALAR, NULL},
    {"discount_tax", TRUTH_SCALAR, NULL},
    {"shipping_total", TRUTH_SCALAR, NULL},
    {"shipping_tax", TRUTH_SCALAR, NULL},
    {"cart_tax", TRUTH_SCALAR, NULL},
    {"total", TRUTH_SCALAR, NULL},
    {"total_tax", TRUTH_SCALAR, NULL},
    {"customer_id", TRUTH_SCALAR, NULL},
    {"order_key", TRUTH_SCALAR, NULL},
    {"billing", TRUTH_OBJECT, address},
    {"shipping", TRUTH_OBJECT, address},
    {"payment_method", TRUTH_SCALAR, NULL},
    {"payment_method_title", TRUTH_SCALAR, NULL},
    {"transaction_id", TRUTH_SCALAR, NULL},
    {"created_via", TRUTH_SCALAR, NULL},
    {"customer_note", TRUTH_SCALAR, NULL},
    {"number", TRUTH_SCALAR, NULL},
    {"meta_data", TRUTH_META, NULL},
    {"line_items", TRUTH_LIST, line},
    {"tax_lines", TRUTH_LIST, tax_line},
    {"shipping_lines", TRUTH_LIST, shipping_line},
    {"fee_lines", TRUTH_LIST, fee_line},
    {"coupon_lines", TRUTH_LIST, coupon_line},
    {"refunds", TRUTH_BY_ID, order_refund},
    {"date_created_gmt", TRUTH_SCALAR, NULL},
    {"date_modified_gmt", TRUTH_SCALAR, NULL},
    {"date_completed_gmt", TRUTH_SCALAR, NULL},
    {"date_paid_gmt", TRUTH_SCALAR, NULL},
    {0},
};

/* Without parent_id: the list of an order's refunds does not tell it, and it
 * never changes. */
static const struct truth_field refund[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"date_created_gmt", TRUTH_SCALAR, NULL},
    {"amount", TRUTH_SCALAR, NULL},
    {"reason", TRUTH_SCALAR, NULL},
    {"refunded_by", TRUTH_SCALAR, NULL},
    {"refunded_payment", TRUTH_SCALAR, NULL},
    {"meta_data", TRUTH_META, NULL},
    {"line_items", TRUTH_LIST, line},
    {"tax_lines", TRUTH_LIST, tax_line},
    {"shipping_lines", TRUTH_LIST, shipping_line},
    {"fee_lines", TRUTH_LIST, fee_line},
    {0},
};

static const struct truth_field size[] = {
    {"length", TRUTH_SCALAR, NULL},
    {"width", TRUTH_SCALAR, NULL},
    {"height", TRUTH_SCALAR, NULL},
    {0},
};

static const struct truth_field attribute[] = {
    {"id", TRUTH_SCALAR, NULL},        {"name", TRUTH_DECODED, NULL},
    {"position", TRUTH_SCALAR, NULL},  {"visible", TRUTH_SCALAR, NULL},
    {"variation", TRUTH_SCALAR, NULL}, {"option", TRUTH_DECODED, NULL},
    {"options", TRUTH_ANY, NULL},      {0},
};

static const struct truth_field term[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"name", TRUTH_DECODED, NULL},
    {0},
};

static const struct truth_field product[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"name", TRUTH_DECODED, NULL},
    {"slug", TRUTH_SCALAR, NULL},
    {"date_created_gmt", TRUTH_SCALAR, NULL},
    {"date_modified_gmt", TRUTH_SCALAR, NULL},
    {"type", TRUTH_SCALAR, NULL},
    {"status", TRUTH_SCALAR, NULL},
    {"featured", TRUTH_SCALAR, NULL},
    {"catalog_visibility", TRUTH_SCALAR, NULL},
    {"description", TRUTH_SCALAR, NULL},
    {"short_description", TRUTH_SCALAR, NULL},
    {"sku", TRUTH_SCALAR, NULL},
    {"price", TRUTH_SCALAR, NULL},
    {"regular_price", TRUTH_SCALAR, NULL},
    {"sale_price", TRUTH_SCALAR, NULL},
    {"date_on_sale_from_gmt", TRUTH_SCALAR, NULL},
    {"date_on_sale_to_gmt", TRUTH_SCALAR, NULL},
    {"on_sale", TRUTH_SCALAR, NULL},
    {"purchasable", TRUTH_SCALAR, NULL},
    {"virtual", TRUTH_SCALAR, NULL},
    {"downloadable", TRUTH_SCALAR, NULL},
    {"external_url", TRUTH_SCALAR, NULL},
    {"button_text", TRUTH_SCALAR, NULL},
    {"tax_status", TRUTH_SCALAR, NULL},
    {"tax_class", TRUTH_SCALAR, NULL},
    {"manage_stock", TRUTH_SCALAR, NULL},
    {"stock_quantity", TRUTH_STOCK, NULL},
    {"backorders", TRUTH_STOCK, NULL},
    {"low_stock_amount", TRUTH_STOCK, NULL},
    {"sold_individually", TRUTH_SCALAR, NULL},
    {"weight", TRUTH_SCALAR, NULL},
    {"dimensions", TRUTH_OBJECT, size},
    {"shipping_class", TRUTH_SCALAR, NULL},
    {"shipping_class_id", TRUTH_SCALAR, NULL},
    {"upsell_ids", TRUTH_LIST, plain},
    {"cross_sell_ids", TRUTH_LIST, plain},
    {"parent_id", TRUTH_SCALAR, NULL},
    {"purchase_note", TRUTH_SCALAR, NULL},
    {"categories", TRUTH_BY_ID, term},
    {"brands", TRUTH_BY_ID, term},
    {"tags", TRUTH_BY_ID, term},
    {"images", TRUTH_LIST, id_only},
    {"image", TRUTH_OBJECT, id_only},
    {"attributes", TRUTH_LIST, attribute},
    {"default_attributes", TRUTH_LIST, attribute},
    {"variations", TRUTH_LIST, plain},
    {"grouped_products", TRUTH_LIST, plain},
    {"menu_order", TRUTH_SCALAR, NULL},
    {"meta_data", TRUTH_META, NULL},
    {"stock_status", TRUTH_STOCK, NULL},
    {"global_unique_id", TRUTH_SCALAR, NULL},
    {0},
};

static const struct truth_field customer[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"date_created_gmt", TRUTH_SCALAR, NULL},
    {"date_modified_gmt", TRUTH_SCALAR, NULL},
    {"email", TRUTH_SCALAR, NULL},
    {"first_name", TRUTH_SCALAR, NULL},
    {"last_name", TRUTH_SCALAR, NULL},
    {"role", TRUTH_SCALAR, NULL},
    {"username", TRUTH_SCALAR, NULL},
    {"billing", TRUTH_OBJECT, address},
    {"shipping", TRUTH_OBJECT, address},
    {"is_paying_customer", TRUTH_SCALAR, NULL},
    {"meta_data", TRUTH_META, NULL},
    {0},
};

static const struct truth_field category[] = {
    {"id", TRUTH_SCALAR, NULL},          {"name", TRUTH_DECODED, NULL},
    {"slug", TRUTH_SCALAR, NULL},        {"parent", TRUTH_SCALAR, NULL},
    {"description", TRUTH_SCALAR, NULL}, {"display", TRUTH_SCALAR, NULL},
    {"image", TRUTH_OBJECT, id_only},    {"menu_order", TRUTH_SCALAR, NULL},
    {"count", TRUTH_SCALAR, NULL},       {0},
};

static const struct truth_field note[] = {
    {"id", TRUTH_SCALAR, NULL},
    {"author", TRUTH_SCALAR, NULL},
    {"note", TRUTH_DECODED, NULL},
    {"customer_note", TRUTH_SCALAR, NULL},
    {"date_created_gmt", TRUTH_SCALAR, NULL},
    {0},
};

const struct truth_field *truth_fields(enum mirror_kind kind) {
    switch (kind) {
    case MIRROR_ORDER:
        return order;
    case MIRROR_REFUND:
        return refund;
    case MIRROR_NOTE:
        return note;
    case MIRROR_PRODUCT:
        return product;
    case MIRROR_CUSTOMER:
        return customer;
    case MIRROR_CATEGORY:
        return category;
    }
    return NULL;
}
