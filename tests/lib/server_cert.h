/* TLS for servers of tests. */
#pragma once

#include <openssl/ssl.h>

/* A context with a fresh self-signed certificate for 127.0.0.1; *ret_pem: it as
 * text, the caller's to free. */
SSL_CTX *server_cert_new(char **ret_pem);
