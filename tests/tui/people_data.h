/* Users, tenants, sessions, tokens and what was done, in the shape of
 * schema/rpc. */
#pragma once

struct fake_daemon;

/* What the authenticator of the test data is set up with. */
#define PEOPLE_SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define PEOPLE_URI                                                             \
    "otpauth://totp/Fulexo:ayse?secret=" PEOPLE_SECRET "&issuer=Fulexo"

void people_data_serve(struct fake_daemon *d);
