#include "tests/shop/shape.h"

#include <stdio.h>
#include <string.h>

/* orders */
const char SHAPE_ORDER[] =
    "{\"id\":0,\"parent_id\":0,\"status\":\"pending\",\"currency\":\"USD\","
    "\"version\":\"11.0.1\",\"prices_include_tax\":false,"
    "\"date_created\":null,\"date_modified\":null,"
    "\"discount_total\":\"0.00\",\"discount_tax\":\"0.00\","
    "\"shipping_total\":\"0.00\",\"shipping_tax\":\"0.00\","
    "\"cart_tax\":\"0.00\",\"total\":\"0.00\",\"total_tax\":\"0.00\","
    "\"customer_id\":0,\"order_key\":\"\",\"billing\":{\"first_name\":\"\","
    "\"last_name\":\"\",\"company\":\"\",\"address_1\":\"\","
    "\"address_2\":\"\",\"city\":\"\",\"state\":\"\",\"postcode\":\"\","
    "\"country\":\"\",\"email\":\"\",\"phone\":\"\"},"
    "\"shipping\":{\"first_name\":\"\",\"last_name\":\"\",\"company\":\"\","
    "\"address_1\":\"\",\"address_2\":\"\",\"city\":\"\",\"state\":\"\","
    "\"postcode\":\"\",\"country\":\"\",\"phone\":\"\"},"
    "\"payment_method\":\"\",\"payment_method_title\":\"\","
    "\"transaction_id\":\"\",\"customer_ip_address\":\"\","
    "\"customer_user_agent\":\"\",\"created_via\":\"rest-api\","
    "\"customer_note\":\"\",\"date_completed\":null,\"date_paid\":null,"
    "\"cart_hash\":\"\",\"number\":\"\",\"meta_data\":[],\"line_items\":[],"
    "\"tax_lines\":[],\"shipping_lines\":[],\"fee_lines\":[],"
    "\"coupon_lines\":[],\"refunds\":[],\"payment_url\":\"\","
    "\"is_editable\":true,\"needs_payment\":false,"
    "\"needs_processing\":false,\"date_created_gmt\":null,"
    "\"date_modified_gmt\":null,\"date_completed_gmt\":null,"
    "\"date_paid_gmt\":null,\"currency_symbol\":\"$\",\"_links\":{}}";

/* line_items */
const char SHAPE_LINE[] =
    "{\"id\":0,\"name\":\"\",\"product_id\":0,\"variation_id\":0,"
    "\"quantity\":1,\"tax_class\":\"\",\"subtotal\":\"0.00\","
    "\"subtotal_tax\":\"0.00\",\"total\":\"0.00\",\"total_tax\":\"0.00\","
    "\"taxes\":[],\"meta_data\":[],\"sku\":\"\",\"global_unique_id\":\"\","
    "\"price\":0,\"image\":{\"id\":\"\",\"src\":\"\"},\"parent_name\":null}";

/* shipping_lines */
const char SHAPE_SHIPPING[] =
    "{\"id\":0,\"method_title\":\"Flat rate\",\"method_id\":\"flat_rate\","
    "\"instance_id\":\"\",\"total\":\"0.00\",\"total_tax\":\"0.00\","
    "\"taxes\":[],\"tax_status\":\"taxable\",\"meta_data\":[]}";

/* fee_lines */
const char SHAPE_FEE[] =
    "{\"id\":0,\"name\":\"\",\"tax_class\":\"\",\"tax_status\":\"taxable\","
    "\"amount\":\"\",\"total\":\"0.00\",\"total_tax\":\"0.00\","
    "\"taxes\":[],\"meta_data\":[]}";

/* coupon_lines */
const char SHAPE_COUPON_LINE[] =
    "{\"id\":0,\"code\":\"\",\"discount\":\"0.00\",\"discount_tax\":\"0\","
    "\"meta_data\":[],\"discount_type\":\"percent\",\"nominal_amount\":0,"
    "\"free_shipping\":false}";

/* tax_lines */
const char SHAPE_TAX_LINE[] =
    "{\"id\":0,\"rate_code\":\"TR-KDV-1\",\"rate_id\":1,\"label\":\"KDV\","
    "\"compound\":false,\"tax_total\":\"0.00\","
    "\"shipping_tax_total\":\"0.00\",\"rate_percent\":20,\"meta_data\":[]}";

/* products */
const char SHAPE_PRODUCT[] =
    "{\"id\":0,\"name\":\"\",\"slug\":\"\",\"permalink\":\"\","
    "\"date_created\":null,\"date_created_gmt\":null,"
    "\"date_modified\":null,\"date_modified_gmt\":null,\"type\":\"simple\","
    "\"status\":\"publish\",\"featured\":false,"
    "\"catalog_visibility\":\"visible\",\"description\":\"\","
    "\"short_description\":\"\",\"sku\":\"\",\"price\":\"\","
    "\"regular_price\":\"\",\"sale_price\":\"\",\"date_on_sale_from\":null,"
    "\"date_on_sale_from_gmt\":null,\"date_on_sale_to\":null,"
    "\"date_on_sale_to_gmt\":null,\"on_sale\":false,\"purchasable\":true,"
    "\"total_sales\":0,\"virtual\":false,\"downloadable\":false,"
    "\"downloads\":[],\"download_limit\":-1,\"download_expiry\":-1,"
    "\"external_url\":\"\",\"button_text\":\"\",\"tax_status\":\"taxable\","
    "\"tax_class\":\"\",\"manage_stock\":false,\"stock_quantity\":null,"
    "\"backorders\":\"no\",\"backorders_allowed\":false,"
    "\"backordered\":false,\"low_stock_amount\":null,"
    "\"sold_individually\":false,\"weight\":\"\","
    "\"dimensions\":{\"length\":\"\",\"width\":\"\",\"height\":\"\"},"
    "\"shipping_required\":true,\"shipping_taxable\":true,"
    "\"shipping_class\":\"\",\"shipping_class_id\":0,"
    "\"reviews_allowed\":true,\"average_rating\":\"0.00\","
    "\"rating_count\":0,\"upsell_ids\":[],\"cross_sell_ids\":[],"
    "\"parent_id\":0,\"purchase_note\":\"\",\"categories\":[],"
    "\"brands\":[],\"tags\":[],\"images\":[],\"attributes\":[],"
    "\"default_attributes\":[],\"variations\":[],\"grouped_products\":[],"
    "\"menu_order\":0,\"price_html\":\"\",\"related_ids\":[],"
    "\"meta_data\":[],\"stock_status\":\"instock\",\"has_options\":false,"
    "\"post_password\":\"\",\"global_unique_id\":\"\",\"_links\":{}}";

/* products/{id}/variations */
const char SHAPE_VARIATION[] =
    "{\"id\":0,\"type\":\"variation\",\"date_created\":null,"
    "\"date_created_gmt\":null,\"date_modified\":null,"
    "\"date_modified_gmt\":null,\"description\":\"\",\"permalink\":\"\","
    "\"sku\":\"\",\"global_unique_id\":\"\",\"price\":\"\","
    "\"regular_price\":\"\",\"sale_price\":\"\",\"date_on_sale_from\":null,"
    "\"date_on_sale_from_gmt\":null,\"date_on_sale_to\":null,"
    "\"date_on_sale_to_gmt\":null,\"on_sale\":false,\"status\":\"publish\","
    "\"purchasable\":true,\"virtual\":false,\"downloadable\":false,"
    "\"downloads\":[],\"download_limit\":-1,\"download_expiry\":-1,"
    "\"tax_status\":\"taxable\",\"tax_class\":\"\",\"manage_stock\":false,"
    "\"stock_quantity\":null,\"stock_status\":\"instock\","
    "\"backorders\":\"no\",\"backorders_allowed\":false,"
    "\"backordered\":false,\"low_stock_amount\":null,\"weight\":\"\","
    "\"dimensions\":{\"length\":\"\",\"width\":\"\",\"height\":\"\"},"
    "\"shipping_class\":\"\",\"shipping_class_id\":0,\"image\":null,"
    "\"gallery_image_ids\":[],\"attributes\":[],\"menu_order\":0,"
    "\"meta_data\":[],\"name\":\"\",\"parent_id\":0,\"_links\":{}}";

/* customers */
const char SHAPE_CUSTOMER[] =
    "{\"id\":0,\"date_created\":null,\"date_created_gmt\":null,"
    "\"date_modified\":null,\"date_modified_gmt\":null,\"email\":\"\","
    "\"first_name\":\"\",\"last_name\":\"\",\"role\":\"customer\","
    "\"username\":\"\",\"billing\":{\"first_name\":\"\",\"last_name\":\"\","
    "\"company\":\"\",\"address_1\":\"\",\"address_2\":\"\",\"city\":\"\","
    "\"postcode\":\"\",\"country\":\"\",\"state\":\"\",\"email\":\"\","
    "\"phone\":\"\"},\"shipping\":{\"first_name\":\"\",\"last_name\":\"\","
    "\"company\":\"\",\"address_1\":\"\",\"address_2\":\"\",\"city\":\"\","
    "\"postcode\":\"\",\"country\":\"\",\"state\":\"\",\"phone\":\"\"},"
    "\"is_paying_customer\":false,\"avatar_url\":\"\",\"meta_data\":[],"
    "\"_links\":{}}";

/* orders/{id}/refunds */
const char SHAPE_REFUND[] =
    "{\"id\":0,\"date_created\":null,\"date_created_gmt\":null,"
    "\"amount\":\"\",\"reason\":\"\",\"refunded_by\":1,"
    "\"refunded_payment\":false,\"meta_data\":[],\"line_items\":[],"
    "\"shipping_lines\":[],\"tax_lines\":[],\"fee_lines\":[],\"_links\":{}}";

/* coupons */
const char SHAPE_COUPON[] =
    "{\"id\":0,\"code\":\"\",\"amount\":\"0.00\",\"status\":\"publish\","
    "\"date_created\":null,\"date_created_gmt\":null,"
    "\"date_modified\":null,\"date_modified_gmt\":null,"
    "\"discount_type\":\"fixed_cart\",\"description\":\"\","
    "\"date_expires\":null,\"date_expires_gmt\":null,\"usage_count\":0,"
    "\"individual_use\":false,\"product_ids\":[],"
    "\"excluded_product_ids\":[],\"usage_limit\":null,"
    "\"usage_limit_per_user\":null,\"limit_usage_to_x_items\":null,"
    "\"free_shipping\":false,\"product_categories\":[],"
    "\"excluded_product_categories\":[],\"exclude_sale_items\":false,"
    "\"minimum_amount\":\"0.00\",\"maximum_amount\":\"0.00\","
    "\"email_restrictions\":[],\"used_by\":[],\"meta_data\":[],"
    "\"_links\":{}}";

/* products/categories */
const char SHAPE_CATEGORY[] =
    "{\"id\":0,\"name\":\"\",\"slug\":\"\",\"parent\":0,"
    "\"description\":\"\",\"display\":\"default\",\"image\":null,"
    "\"menu_order\":0,\"count\":0,\"_links\":{}}";

/* taxes */
const char SHAPE_TAX[] =
    "{\"id\":0,\"country\":\"\",\"state\":\"\",\"postcode\":\"\","
    "\"city\":\"\",\"rate\":\"0.0000\",\"name\":\"\",\"priority\":1,"
    "\"compound\":false,\"shipping\":true,\"order\":0,"
    "\"class\":\"standard\",\"postcodes\":[],\"cities\":[],\"_links\":{}}";

/* webhooks */
const char SHAPE_WEBHOOK[] =
    "{\"id\":0,\"name\":\"\",\"status\":\"active\",\"topic\":\"\","
    "\"resource\":\"\",\"event\":\"\",\"hooks\":[],\"delivery_url\":\"\","
    "\"date_created\":null,\"date_created_gmt\":null,"
    "\"date_modified\":null,\"date_modified_gmt\":null,\"_links\":{}}";

/* orders/{id}/notes */
const char SHAPE_NOTE[] =
    "{\"id\":0,\"author\":\"WooCommerce\",\"date_created\":null,"
    "\"date_created_gmt\":null,\"note\":\"\",\"customer_note\":false,"
    "\"_links\":{}}";

const char SHAPE_ALLOW_ALL[] = "GET,POST,PUT,PATCH,DELETE";

struct node *shape_tree(struct arena *a, const char *shape) {
    return node_parse(a, shape, strlen(shape));
}

static struct node *link_to(const struct store *s, struct arena *a,
                            const char *path, const char *allow) {
    char url[512];
    struct node *list = node_array(a), *one = node_object(a);
    (void)snprintf(url, sizeof url, "%s/wp-json/wc/v3/%s", s->home, path);
    node_puts(a, one, "href", url);
    node_add(list, one);
    if (!allow)
        return list;
    struct node *verbs = node_array(a), *hints = node_object(a);
    for (const char *p = allow; *p;) {
        size_t n = strcspn(p, ",");
        node_add(verbs, node_str(a, arena_dupn(a, p, n)));
        p += n + (p[n] == ',');
    }
    node_put(a, hints, "allow", verbs);
    node_put(a, one, "targetHints", hints);
    return list;
}

void shape_links(const struct store *s, struct arena *a, struct node *v,
                 const char *path, const char *allow, const char *up) {
    char self[256];
    struct node *links = node_object(a);
    (void)snprintf(self, sizeof self, "%s/%s", path,
                   node_text(node_get(v, "id")));
    node_put(a, links, "self", link_to(s, a, self, allow));
    node_put(a, links, "collection", link_to(s, a, path, NULL));
    if (up)
        node_put(a, links, "up", link_to(s, a, up, NULL));
    node_put(a, v, "_links", links);
}
