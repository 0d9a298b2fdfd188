#include "tests/lib/server_cert.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "common/check.h"
#include "common/mem.h"

static EVP_PKEY *make_key(void) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    REQUIRE(key);
    return key;
}

static void add_name(X509 *cert) {
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *ext =
        X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, "IP:127.0.0.1");
    REQUIRE(ext && X509_add_ext(cert, ext, -1) == 1);
    X509_EXTENSION_free(ext);
}

static X509 *make_cert(EVP_PKEY *key) {
    X509 *cert = X509_new();
    REQUIRE(cert && X509_set_version(cert, 2) == 1);
    REQUIRE(ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) == 1);
    REQUIRE(X509_gmtime_adj(X509_getm_notBefore(cert), -3600));
    REQUIRE(X509_gmtime_adj(X509_getm_notAfter(cert), 86400));
    REQUIRE(X509_set_pubkey(cert, key) == 1);
    X509_NAME *name = X509_get_subject_name(cert);
    REQUIRE(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                       (const unsigned char *)"tiny", -1, -1,
                                       0) == 1);
    REQUIRE(X509_set_issuer_name(cert, name) == 1);
    add_name(cert);
    REQUIRE(X509_sign(cert, key, EVP_sha256()) > 0);
    return cert;
}

SSL_CTX *server_cert_new(char **ret_pem) {
    EVP_PKEY *key = make_key();
    X509 *cert = make_cert(key);
    BIO *bio = BIO_new(BIO_s_mem());
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    char *text;
    REQUIRE(tls && SSL_CTX_use_certificate(tls, cert) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(tls, key) == 1);
    REQUIRE(PEM_write_bio_X509(bio, cert) == 1);
    long n = BIO_get_mem_data(bio, &text);
    *ret_pem = mem_dupn(text, (size_t)n);
    BIO_free(bio);
    X509_free(cert);
    EVP_PKEY_free(key);
    return tls;
}
