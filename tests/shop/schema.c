#include "tests/shop/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char SCHEMA_ORDER_STATUS[] =
    "auto-draft,pending,processing,on-hold,completed,cancelled,refunded,"
    "failed,checkout-draft";

static const char currencies[] =
    "AED,AFN,ALL,AMD,ANG,AOA,ARS,AUD,AWG,AZN,BAM,BBD,BDT,BGN,BHD,BIF,BMD,BND,"
    "BOB,BRL,BSD,BTC,BTN,BWP,BYR,BYN,BZD,CAD,CDF,CHF,CLP,CNY,COP,CRC,CUC,CUP,"
    "CVE,CZK,DJF,DKK,DOP,DZD,EGP,ERN,ETB,EUR,FJD,FKP,GBP,GEL,GGP,GHS,GIP,GMD,"
    "GNF,GTQ,GYD,HKD,HNL,HRK,HTG,HUF,IDR,ILS,IMP,INR,IQD,IRR,IRT,ISK,JEP,JMD,"
    "JOD,JPY,KES,KGS,KHR,KMF,KPW,KRW,KWD,KYD,KZT,LAK,LBP,LKR,LRD,LSL,LYD,MAD,"
    "MDL,MGA,MKD,MMK,MNT,MOP,MRU,MUR,MVR,MWK,MXN,MYR,MZN,NAD,NGN,NIO,NOK,NPR,"
    "NZD,OMR,PAB,PEN,PGK,PHP,PKR,PLN,PRB,PYG,QAR,RON,RSD,RUB,RWF,SAR,SBD,SCR,"
    "SDG,SEK,SGD,SHP,SLL,SOS,SRD,SSP,STN,SYP,SZL,THB,TJS,TMT,TND,TOP,TRY,TTD,"
    "TWD,TZS,UAH,UGX,USD,UYU,UZS,VEF,VES,VND,VUV,WST,XAF,XCD,XOF,XPF,YER,ZAR,"
    "ZMW";

const struct schema_rule SCHEMA_ORDER[] = {
    {"status", SCHEMA_ENUM, SCHEMA_ORDER_STATUS},
    {"currency", SCHEMA_ENUM, currencies},
    {"customer_id", SCHEMA_INT, NULL},
    {"customer_note", SCHEMA_STRING, NULL},
    {"transaction_id", SCHEMA_STRING, NULL},
    {"payment_method", SCHEMA_STRING, NULL},
    {"set_paid", SCHEMA_BOOL, NULL},
    {"billing", SCHEMA_OBJECT, NULL},
    {"shipping", SCHEMA_OBJECT, NULL},
    {"meta_data", SCHEMA_OBJECTS, NULL},
    {"line_items", SCHEMA_OBJECTS, NULL},
    {"shipping_lines", SCHEMA_OBJECTS, NULL},
    {"fee_lines", SCHEMA_OBJECTS, NULL},
    {"coupon_lines", SCHEMA_OBJECTS, NULL},
    {NULL, SCHEMA_STRING, NULL},
};

const struct schema_rule SCHEMA_PRODUCT[] = {
    {"name", SCHEMA_STRING, NULL},
    {"type", SCHEMA_ENUM, "simple,grouped,external,variable,variation"},
    {"status", SCHEMA_ENUM,
     "draft,pending,private,publish,future,auto-draft,trash"},
    {"sku", SCHEMA_STRING, NULL},
    {"global_unique_id", SCHEMA_STRING, NULL},
    {"regular_price", SCHEMA_STRING, NULL},
    {"sale_price", SCHEMA_STRING, NULL},
    {"weight", SCHEMA_STRING, NULL},
    {"stock_quantity", SCHEMA_INT, NULL},
    {"stock_status", SCHEMA_ENUM, "instock,outofstock,onbackorder"},
    {"backorders", SCHEMA_ENUM, "no,notify,yes"},
    {"meta_data", SCHEMA_OBJECTS, NULL},
    {NULL, SCHEMA_STRING, NULL},
};

const struct schema_rule SCHEMA_CUSTOMER[] = {
    {"email", SCHEMA_EMAIL, NULL},      {"first_name", SCHEMA_STRING, NULL},
    {"last_name", SCHEMA_STRING, NULL}, {"billing", SCHEMA_OBJECT, NULL},
    {"shipping", SCHEMA_OBJECT, NULL},  {"meta_data", SCHEMA_OBJECTS, NULL},
    {NULL, SCHEMA_STRING, NULL},
};

const struct schema_rule SCHEMA_REFUND[] = {
    {"amount", SCHEMA_STRING, NULL},      {"reason", SCHEMA_STRING, NULL},
    {"api_refund", SCHEMA_BOOL, NULL},    {"api_restock", SCHEMA_BOOL, NULL},
    {"line_items", SCHEMA_OBJECTS, NULL}, {"meta_data", SCHEMA_OBJECTS, NULL},
    {NULL, SCHEMA_STRING, NULL},
};

const struct schema_rule SCHEMA_NOTE[] = {
    {"note", SCHEMA_STRING, NULL},
    {"customer_note", SCHEMA_BOOL, NULL},
    {NULL, SCHEMA_STRING, NULL},
};

bool schema_listed(const char *list, const char *value) {
    size_t n = strlen(value);
    for (const char *p = list; *p;) {
        size_t len = strcspn(p, ",");
        if (len == n && memcmp(p, value, n) == 0)
            return true;
        p += len + (p[len] == ',');
    }
    return false;
}

/* "a,b,c" -> "a, b, and c"; two are joined by "and" alone. */
static void enum_words(struct buf *out, const char *list) {
    const char *comma = strchr(list, ',');
    bool pair = comma && !strchr(comma + 1, ',');
    for (const char *p = list; *p;) {
        size_t len = strcspn(p, ",");
        bool last = !p[len];
        if (p != list)
            buf_adds(out, last ? (pair ? " and " : ", and ") : ", ");
        buf_add(out, p, len);
        p += len + !last;
    }
}

bool schema_enum(struct exchange *x, const char *key, const char *shown,
                 const char *list, const char *value) {
    AUTO_BUF struct buf text = BUF_INIT;
    if (schema_listed(list, value))
        return true;
    buf_addf(&text, "%s is not one of ", shown);
    enum_words(&text, list);
    buf_addc(&text, '.');
    reply_invalid(x, key, "rest_not_in_enum", buf_str(&text), NULL);
    return false;
}

static bool wrong_type(struct exchange *x, const char *key, const char *shown,
                       const char *type) {
    char text[160];
    (void)snprintf(text, sizeof text, "%s is not of type %s.", shown, type);
    reply_invalid(x, key, "rest_invalid_type", text, shown);
    return false;
}

/* An integer, or a number or string without fraction. */
static bool is_whole(const struct node *v) {
    if (v->type != N_NUMBER && v->type != N_STRING)
        return false;
    char *end;
    double d = strtod(v->text, &end);
    return v->n && !*end && d == (double)(int64_t)d;
}

static bool email_ok(const struct node *v) {
    const char *s = node_text(v), *at = strchr(s, '@');
    return at && at != s && strchr(at, '.');
}

static bool email_check(struct exchange *x, const char *key,
                        const struct node *v) {
    if (email_ok(v))
        return true;
    reply_invalid(x, key, "rest_invalid_email", "Invalid email address.", NULL);
    return false;
}

static bool objects_check(struct exchange *x, const char *key,
                          const struct node *v) {
    char shown[80];
    int i = 0;
    if (v->type == N_NULL)
        return true;
    if (v->type != N_ARRAY) { /* WordPress reads a scalar as a list of one */
        (void)snprintf(shown, sizeof shown, "%s[0]", key);
        return wrong_type(x, key, shown, "object");
    }
    for (const struct node *c = v->child; c; c = c->next, i++) {
        const struct node *qty = node_get(c, "quantity");
        (void)snprintf(shown, sizeof shown, "%s[%d]", key, i);
        if (c->type != N_OBJECT)
            return wrong_type(x, key, shown, "object");
        (void)snprintf(shown, sizeof shown, "%s[%d][quantity]", key, i);
        if (qty && !is_whole(qty))
            return wrong_type(x, key, shown, "integer");
    }
    return true;
}

static bool rule_check(struct exchange *x, const struct schema_rule *r,
                       const struct node *v) {
    const struct node *email = node_get(v, "email");
    switch (r->type) {
    case SCHEMA_STRING:
        return v->type == N_STRING || v->type == N_NULL ||
               wrong_type(x, r->key, r->key, "string");
    case SCHEMA_INT:
        return v->type == N_NULL || is_whole(v) ||
               wrong_type(x, r->key, r->key, "integer");
    case SCHEMA_BOOL:
        return v->type == N_BOOL ||
               schema_listed("true,false,1,0", node_text(v)) ||
               wrong_type(x, r->key, r->key, "boolean");
    case SCHEMA_EMAIL:
        return email_check(x, r->key, v);
    case SCHEMA_OBJECT:
        if (v->type != N_OBJECT && v->type != N_ARRAY)
            return wrong_type(x, r->key, r->key, "object");
        return !email || !*node_text(email) || email_check(x, r->key, email);
    case SCHEMA_OBJECTS:
        return objects_check(x, r->key, v);
    case SCHEMA_ENUM:
        return schema_enum(x, r->key, r->key, r->values, node_text(v));
    }
    return true;
}

bool schema_check(struct exchange *x, const struct schema_rule *rules) {
    for (; !x->in_batch && rules->key; rules++) {
        const struct node *v = node_get(x->json, rules->key);
        if (v && !rule_check(x, rules, v))
            return false;
    }
    return true;
}
