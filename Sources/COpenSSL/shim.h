// What the TLS listener needs of OpenSSL 3: macros and callbacks, which Swift can't see, as functions.

#ifndef WARNBELL_COPENSSL_H
#define WARNBELL_COPENSSL_H

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

/// A context for TLS 1.2 and 1.3 that forgets every session: clients keep them as tickets. NULL without memory.
static inline SSL_CTX *copenssl_server_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context) return NULL;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                  | SSL_MODE_RELEASE_BUFFERS);
    // As much as there is with one system call.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"warnbell", 8);
    SSL_CTX_set_num_tickets(context, 1);
    return context;
}

/// The groups for key exchange, the preferred one first; whether all are known.
static inline int copenssl_set_groups(SSL_CTX *context, const char *groups) {
    return SSL_CTX_set1_groups_list(context, groups) == 1;
}

static inline int copenssl_choose_http11(SSL *ssl, const unsigned char **out, unsigned char *out_length,
                                         const unsigned char *offered, unsigned int length, void *unused) {
    (void)ssl, (void)unused;
    for (unsigned int at = 0; at < length; at += 1 + offered[at]) {
        if (offered[at] != 8 || length - at < 9 || memcmp(offered + at + 1, "http/1.1", 8) != 0) continue;
        *out = offered + at + 1;
        *out_length = 8;
        return SSL_TLSEXT_ERR_OK;
    }
    // RFC 7301 section 3.2: none of the offered protocols is spoken here.
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Agrees with clients that name protocols (ALPN, RFC 7301) on `http/1.1`, and with no other.
static inline void copenssl_speak_http11(SSL_CTX *context) {
    SSL_CTX_set_alpn_select_cb(context, copenssl_choose_http11, NULL);
}

enum copenssl_key_result {
    copenssl_key_used,
    copenssl_key_unreadable,
    copenssl_key_encrypted,
    copenssl_key_invalid,
    /// It belongs to another certificate than the context's.
    copenssl_key_of_another
};

static inline int copenssl_no_passphrase(char *buffer, int size, int for_writing, void *asked) {
    (void)buffer, (void)size, (void)for_writing;
    *(int *)asked = 1;
    return -1;
}

/// Takes the private key of a PEM file for the context's certificate. Nobody is ever asked for a passphrase.
static inline enum copenssl_key_result copenssl_use_key(SSL_CTX *context, const char *path) {
    BIO *file = BIO_new_file(path, "r");
    if (!file) return copenssl_key_unreadable;
    int asked = 0;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(file, NULL, copenssl_no_passphrase, &asked);
    BIO_free(file);
    if (!key) return asked ? copenssl_key_encrypted : copenssl_key_invalid;
    int used = SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(key);
    return used ? copenssl_key_used : copenssl_key_of_another;
}

/// Asks clients for a certificate of an authority in this PEM file; whether it holds one. Who has none may go on.
static inline int copenssl_trust_clients(SSL_CTX *context, const char *path) {
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(path);
    if (!names || SSL_CTX_load_verify_locations(context, path, NULL) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return 0;
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return 1;
}

/// The days from now until the context's certificate is no longer valid, negative when it is over.
static inline int copenssl_days_left(const SSL_CTX *context) {
    int days = 0, seconds = 0;
    const X509 *certificate = SSL_CTX_get0_certificate(context);
    if (!certificate || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) != 1) return 0;
    return days == 0 && seconds < 0 ? -1 : days;
}

/// Gives each DNS name of a verified client certificate to `take`, then its common name. Names with a NUL in them,
/// which text would cut short, are left out.
static inline void copenssl_client_names(const SSL *ssl, void *to, void (*take)(void *, const unsigned char *, int)) {
    X509 *certificate = SSL_get_verify_result(ssl) == X509_V_OK ? SSL_get0_peer_certificate(ssl) : NULL;
    if (!certificate) return;
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int index = 0; index < sk_GENERAL_NAME_num(names); index++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
        if (name->type != GEN_DNS) continue;
        const unsigned char *text = ASN1_STRING_get0_data(name->d.dNSName);
        int length = ASN1_STRING_length(name->d.dNSName);
        if (!memchr(text, 0, length)) take(to, text, length);
    }
    GENERAL_NAMES_free(names);
    X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return;
    unsigned char *text = NULL;
    int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (length > 0 && !memchr(text, 0, length)) take(to, text, length);
    OPENSSL_free(text);
}

/// Whether the client showed a certificate that was verified and has not expired since: a session that is resumed
/// is not verified again.
static inline int copenssl_has_client_certificate(const SSL *ssl) {
    const X509 *certificate = SSL_get0_peer_certificate(ssl);
    return certificate != NULL && SSL_get_verify_result(ssl) == X509_V_OK
           && X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

/// A server's session on a connected, non-blocking socket; NULL without memory.
static inline SSL *copenssl_accept(SSL_CTX *context, int socket) {
    SSL *ssl = SSL_new(context);
    if (!ssl) return NULL;
    if (SSL_set_fd(ssl, socket) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_accept_state(ssl);
    return ssl;
}

/// Reads up to `room` bytes; how many, or 0 and what SSL_get_error says of it in `error`.
static inline size_t copenssl_read(SSL *ssl, void *buffer, size_t room, int *error) {
    size_t count = 0;
    ERR_clear_error();
    int result = SSL_read_ex(ssl, buffer, room, &count);
    *error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl, result);
    return result == 1 ? count : 0;
}

/// Writes some of these bytes; how many, or 0 and what SSL_get_error says of it in `error`.
static inline size_t copenssl_write(SSL *ssl, const void *bytes, size_t length, int *error) {
    size_t count = 0;
    ERR_clear_error();
    int result = SSL_write_ex(ssl, bytes, length, &count);
    *error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl, result);
    return result == 1 ? count : 0;
}

/// Tells the peer that nothing more will be sent (close_notify, RFC 8446 section 6.1), if it listens.
static inline void copenssl_end(SSL *ssl) {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl) && !(SSL_get_shutdown(ssl) & SSL_SENT_SHUTDOWN)) SSL_shutdown(ssl);
    ERR_clear_error();
}

/// OpenSSL's reason code (SSL_R_...) for the error that this thread met last.
static inline int copenssl_last_reason(void) { return ERR_GET_REASON(ERR_peek_last_error()); }

#endif
