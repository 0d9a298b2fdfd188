#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/gen.h"
#include "tests/shop/shape.h"

struct place {
    const char *street, *city, *state, *postcode, *country;
};

static const char *const first_names[] = {
    "Fatma",  "Ayşe", "Mehmet", "İbrahim", "Çağla",  "Gökçe",  "Mary",
    "Zoë 🎒",  "José", "Łukasz", "美咲",    "健太郎", "محمد",   "ليلى",
    "Noémie", "Jörg", "Anna",   "O'Brien", "Søren",  "Dmitri", "Ñandú",
    "Şükrü",  "Işıl", "王伟",   "소연",    "Ali",
};
static const char *const last_names[] = {
    "Yılmaz",       "Kaya",   "Öztürk", "Çelik", "O'Neil", "O'Neil & Söns",
    "van der Berg", "Müller", "田中",   "佐藤",  "الحسن",  "García-Márquez",
    "Demir",        "Şahin",  "Nowak",  "Smith", "李",     "Bağcı",
    "Ağaoğlu",      "Weiß",
};
static const struct place places[] = {
    {"Istiklal Cd.", "Istanbul", "TR34", "34430", "TR"},
    {"Atatürk Blv.", "İzmir", "TR35", "35210", "TR"},
    {"Kızılay Sk.", "Ankara", "TR06", "06420", "TR"},
    {"Ulucami Mh.", "Bursa", "TR16", "16010", "TR"},
    {"Hauptstraße", "München", "", "80331", "DE"},
    {"Rue de l'Église", "Besançon", "", "25000", "FR"},
    {"銀座", "東京", "JP13", "104-0061", "JP"},
    {"شارع الملك", "دبي", "DU", "", "AE"},
    {"Long Street", "Portland", "OR", "97205", "US"},
};
static const char *const companies[] = {
    "", "", "", "", "", "Acme <Ltd>", "Ağaç & Oğulları A.Ş.", "株式会社山"};

#define PICK(s, pool)                                                          \
    ((pool)[store_below((s), (int64_t)(sizeof(pool) / sizeof *(pool)))])

struct gen_person gen_person(struct store *s) {
    /* Most live where the shop is. */
    const struct place *p =
        store_below(s, 3) ? &places[store_below(s, 4)] : &PICK(s, places);
    return (struct gen_person){
        PICK(s, first_names),
        PICK(s, last_names),
        PICK(s, companies),
        p->street,
        p->city,
        p->state,
        p->postcode,
        p->country,
    };
}

void gen_address(struct store *s, struct arena *a, struct node *address,
                 const struct gen_person *p, const char *email) {
    char text[160];
    node_puts(a, address, "first_name", p->first);
    node_puts(a, address, "last_name", p->last);
    node_puts(a, address, "company", p->company);
    (void)snprintf(text, sizeof text, "%" PRId64 " %s", 1 + store_below(s, 300),
                   p->street);
    node_puts(a, address, "address_1", text);
    node_puts(a, address, "city", p->city);
    node_puts(a, address, "state", p->state);
    node_puts(a, address, "postcode", p->postcode);
    node_puts(a, address, "country", p->country);
    if (email)
        node_puts(a, address, "email", email);
    (void)snprintf(text, sizeof text, "+90555%07" PRId64,
                   store_below(s, 10000000));
    node_puts(a, address, "phone", text);
}

static void customer_one(struct store *s, struct arena *a, int64_t span) {
    char email[64], user[32], avatar[160];
    struct gen_person p = gen_person(s);
    struct obj *o = store_new(s, K_CUSTOMER);
    struct node *v = shape_tree(a, SHAPE_CUSTOMER), *billing;
    (void)snprintf(user, sizeof user, "c%" PRId64, o->id);
    (void)snprintf(email, sizeof email, "%s@example.test", user);
    (void)snprintf(avatar, sizeof avatar,
                   "https://secure.gravatar.com/avatar/%016" PRIx64
                   "%016" PRIx64 "?s=96&d=mm&r=g",
                   store_rand(s), store_rand(s));
    o->created = store_now(s) - store_below(s, span);
    o->modified = store_below(s, 20) ? o->created + 60 : 0;
    node_puti(a, v, "id", o->id);
    store_put_date(s, a, v, "date_created", o->created);
    store_put_date(s, a, v, "date_modified", o->modified);
    node_puts(a, v, "email", email);
    node_puts(a, v, "first_name", p.first);
    node_puts(a, v, "last_name", p.last);
    node_puts(a, v, "username", user);
    node_puts(a, v, "avatar_url", avatar);
    billing = node_get(v, "billing");
    gen_address(s, a, billing, &p, email);
    if (store_below(s, 2))
        gen_address(s, a, node_get(v, "shipping"), &p, NULL);
    node_putb(a, v, "is_paying_customer", store_below(s, 3) != 0);
    shape_links(s, a, v, "customers", SHAPE_ALLOW_ALL, NULL);
    store_save(s, K_CUSTOMER, o, v);
}

void gen_customers(struct store *s, struct arena *a, int n) {
    for (int i = 0; i < n; i++) {
        customer_one(s, a, 3 * 365 * 86400);
        arena_reset(a);
    }
}
