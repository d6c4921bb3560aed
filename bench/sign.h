/*
 * What no client of this service can leave out of a call, at its cheapest: a moment and a nonce of its
 * own, MD5 over the body, HMAC-SHA1 over what is signed. Written into the captured request in place,
 * where all of these have fixed lengths. OpenSSL's digests without its look-ups by name.
 */
#ifndef BENCH_SIGN_H
#define BENCH_SIGN_H

#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include "bench.h"

/* Places in a request. */
struct signer {
    char *date, *nonce, *md5, *signature;
    const char *body;
    size_t body_length;
};

static inline char *after(char *request, const char *text)
{
    char *found = strstr(request, text);
    if (found == NULL) {
        die("sign: the request lacks a header");
    }
    return found + strlen(text);
}

/* Finds the places in `request`, which ends in a NUL. */
static inline struct signer signer_of(char *request)
{
    struct signer signer = {
        .date = after(request, "\r\ndate: "),
        .nonce = after(request, "\r\nx-acs-signature-nonce: "),
        .md5 = after(request, "\r\ncontent-md5: "),
        .signature = after(request, "\r\nauthorization: acs " KEY_ID ":"),
        .body = after(request, "\r\n\r\n"),
    };
    signer.body_length = strlen(signer.body);
    return signer;
}

static inline void put_base64(char *place, const unsigned char *bytes, int length)
{
    char text[64];
    int written = EVP_EncodeBlock((unsigned char *)text, bytes, length);
    memcpy(place, text, (size_t)written);
}

static inline void hmac_sha1(const char *text, size_t length, unsigned char *out)
{
    unsigned char inner[SHA_CBLOCK] = KEY_SECRET, outer[SHA_CBLOCK] = KEY_SECRET;
    SHA_CTX sha;
    for (int i = 0; i < SHA_CBLOCK; i++) {
        inner[i] ^= 0x36;
        outer[i] ^= 0x5c;
    }
    SHA1_Init(&sha);
    SHA1_Update(&sha, inner, sizeof inner);
    SHA1_Update(&sha, text, length);
    SHA1_Final(out, &sha);
    SHA1_Init(&sha);
    SHA1_Update(&sha, outer, sizeof outer);
    SHA1_Update(&sha, out, SHA_DIGEST_LENGTH);
    SHA1_Final(out, &sha);
}

/* Signs the request anew. */
static inline void sign(const struct signer *signer)
{
    unsigned char digest[SHA_DIGEST_LENGTH], random[16];
    char date[32], text[512];
    time_t now = time(NULL);
    struct tm utc;

    if (getrandom(random, sizeof random, 0) != sizeof random) {
        die("sign: no random numbers");
    }
    for (size_t i = 0; i < sizeof random; i++) {
        signer->nonce[2 * i] = "0123456789abcdef"[random[i] >> 4];
        signer->nonce[2 * i + 1] = "0123456789abcdef"[random[i] & 15];
    }
    size_t length = strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    memcpy(signer->date, date, length);
    MD5((const unsigned char *)signer->body, signer->body_length, digest);
    put_base64(signer->md5, digest, MD5_DIGEST_LENGTH);
    int written = snprintf(text, sizeof text,
                           "POST\napplication/json\n%.24s\napplication/json; charset=utf-8\n%s\n"
                           "x-acs-action:ScaleOutCluster\n"
                           "x-acs-signature-method:HMAC-SHA1\n"
                           "x-acs-signature-nonce:%.32s\n"
                           "x-acs-signature-version:1.0\n"
                           "x-acs-version:2015-12-15\n/api/v2/clusters/" CLUSTER_ID,
                           signer->md5, date, signer->nonce);
    hmac_sha1(text, (size_t)written, digest);
    put_base64(signer->signature, digest, SHA_DIGEST_LENGTH);
}

#endif
