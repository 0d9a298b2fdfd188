/* Addresses of the web on a screen: product pages and pictures, share and
 * tracking links, an order in its shop. Most are written by a shop, so they
 * are hostile until looked at. */
#pragma once

#include <stdbool.h>

struct textview;

enum { WEB_ADDRESS_MAX = 500 };

/* May it be a hyperlink: http or https with a host, at most WEB_ADDRESS_MAX
 * bytes of printable ASCII without blanks, so that nothing in it can end an
 * escape sequence. */
bool web_address_ok(const char *s);

/* Does the terminal take hyperlinks (OSC 8)? $FULEXO_LINKS on or off says so;
 * else (auto) those that are known to, by what they put into the environment.
 * Never "dumb" and "linux". */
bool web_address_linked(void);

/* The address as lines of their own, wrapped at `width`; where it is one, each
 * is a hyperlink to the whole, and Enter copies it. */
void web_address_add(struct textview *t, const char *label, const char *address,
                     int width);
