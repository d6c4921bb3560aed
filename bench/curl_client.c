/*
 * What one would write by hand with libcurl and OpenSSL: one easy handle kept for the process (or, with
 * --own, one for each call), the headers built and signed for each call (ROA, HMAC-SHA1), a time-out,
 * the task id cut out.
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "bench.h"

#define PATH "/api/v2/clusters/" CLUSTER_ID
#define BODY "{" BODY_MEMBERS "}"
#define JSON_TYPE "application/json; charset=utf-8"

struct reply {
    char text[16384];
    size_t length;
};

struct caller {
    const struct options *options;
    CURL *curl;
    char url[512];
    struct reply reply;
};

static size_t take(char *data, size_t size, size_t count, void *into)
{
    struct reply *reply = into;
    size_t length = size * count;
    if (length >= sizeof reply->text - reply->length) {
        return 0;
    }
    memcpy(reply->text + reply->length, data, length);
    reply->length += length;
    reply->text[reply->length] = '\0';
    return length;
}

static void base64(const unsigned char *bytes, unsigned length, char *out)
{
    EVP_EncodeBlock((unsigned char *)out, bytes, (int)length);
}

static struct curl_slist *with(struct curl_slist *list, const char *name, const char *value)
{
    char line[256];
    snprintf(line, sizeof line, "%s: %s", name, value);
    return curl_slist_append(list, line);
}

/* The headers of one call, signed. */
static struct curl_slist *sign(void)
{
    unsigned char digest[EVP_MAX_MD_SIZE], random[16];
    unsigned length;
    char md5[64], date[64], nonce[33], text[1024], signature[64], authorization[128];
    time_t now = time(NULL);
    struct tm utc;

    EVP_Digest(BODY, strlen(BODY), digest, &length, EVP_md5(), NULL);
    base64(digest, length, md5);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    if (RAND_bytes(random, sizeof random) != 1) {
        die("curl_client: no random numbers");
    }
    for (size_t i = 0; i < sizeof random; i++) {
        snprintf(nonce + 2 * i, 3, "%02x", random[i]);
    }
    int written = snprintf(text, sizeof text,
                           "POST\napplication/json\n%s\n" JSON_TYPE "\n%s\n"
                           "x-acs-action:ScaleOutCluster\n"
                           "x-acs-signature-method:HMAC-SHA1\n"
                           "x-acs-signature-nonce:%s\n"
                           "x-acs-signature-version:1.0\n"
                           "x-acs-version:2015-12-15\n" PATH,
                           md5, date, nonce);
    HMAC(EVP_sha1(), KEY_SECRET, (int)strlen(KEY_SECRET), (unsigned char *)text, (size_t)written,
         digest, &length);
    base64(digest, length, signature);
    snprintf(authorization, sizeof authorization, "acs " KEY_ID ":%s", signature);

    struct curl_slist *list = with(NULL, "Accept", "application/json");
    list = with(list, "Content-Type", JSON_TYPE);
    list = with(list, "Content-MD5", md5);
    list = with(list, "Date", date);
    list = with(list, "x-acs-action", "ScaleOutCluster");
    list = with(list, "x-acs-signature-method", "HMAC-SHA1");
    list = with(list, "x-acs-signature-nonce", nonce);
    list = with(list, "x-acs-signature-version", "1.0");
    list = with(list, "x-acs-version", "2015-12-15");
    return with(list, "Authorization", authorization);
}

static void open_handle(struct caller *caller)
{
    CURL *curl = caller->curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, caller->url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, BODY);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &caller->reply);
    if (caller->options->ca != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, caller->options->ca);
    }
}

static void once(void *state)
{
    struct caller *caller = state;
    struct reply *reply = &caller->reply;
    struct curl_slist *headers = sign();
    long status = 0;
    reply->length = 0;
    if (caller->options->own) {
        open_handle(caller);
    }
    curl_easy_setopt(caller->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(caller->curl);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        die(curl_easy_strerror(code));
    }
    curl_easy_getinfo(caller->curl, CURLINFO_RESPONSE_CODE, &status);
    if (caller->options->own) {
        curl_easy_cleanup(caller->curl);
    }
    char task_id[64];
    const char *found = strstr(reply->text, "\"task_id\"");
    if (status != 200 || found == NULL ||
        sscanf(found, "\"task_id\" : \"%63[^\"]\"", task_id) != 1) {
        die("curl_client: no task id");
    }
}

int main(int argc, char **argv)
{
    struct options options = options_of(argc, argv);
    static struct caller caller;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    caller.options = &options;
    snprintf(caller.url, sizeof caller.url, "%s" PATH, options.url);
    if (!options.own) {
        open_handle(&caller);
    }
    measure(&options, once, &caller);
    if (!options.own) {
        curl_easy_cleanup(caller.curl);
    }
    curl_global_cleanup();
    return 0;
}
