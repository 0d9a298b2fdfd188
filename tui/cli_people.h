/* What is printed once: a code with what to do with it, a secret as a picture
 * for the phone. */
#pragma once

struct cli;
struct json;

/* Of users.invite and users.reset. */
void cli_people_invited(struct cli *c, const struct json *result);
/* Of profile.totp_begin: the QR code where a person looks and the terminal
 * shows it, in any case the secret and its address. */
void cli_people_totp(struct cli *c, const struct json *result);
