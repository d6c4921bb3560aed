/*
 * Whether the library leaves secrets behind: after each call this process's memory is searched for them. Its
 * own copies are wiped before.
 *
 *     secrets HTTP HTTPS CA_FILE ECHO
 *
 * The first two take these keys. ECHO refuses everything, and quotes the password.
 */
#define _GNU_SOURCE

#include "check.h"

enum { PASSWORD, ACCESS_KEY, SECRETS, PIECES = 6, SECOND_HALF = 2, LONGEST = 64, AROUND = 32 };

static const char *const secret_names[SECRETS] = {"login_password", "access_key_secret"};

/* In pieces, so that no constant of this program holds one. */
static const char *const pieces[SECRETS][PIECES] = {
    {"Zq7", "-log", "in-PA", "ssw0", "rd-x", "Kd"},
    {"acc3", "ss-KEY", "-s3cr", "et-W", "vUt", "Bn"},
};

static void wipe(volatile char *bytes, size_t size)
{
    while (size-- > 0) {
        bytes[size] = 0;
    }
}

static void spell(int secret, char text[LONGEST])
{
    text[0] = '\0';
    for (int i = 0; i < PIECES; i++) {
        strcat(text, pieces[secret][i]);
    }
}

/* Whether the second half of a secret stands here: its beginning may be overwritten in memory that was given
 * back. */
static int is_here(const char *place, const char *end, int secret)
{
    for (int piece = SECOND_HALF; piece < PIECES; piece++) {
        for (const char *c = pieces[secret][piece]; *c != '\0'; c++) {
            if (place == end || *place++ != *c) {
                return 0;
            }
        }
    }
    return 1;
}

/* Tells of each, where `map` says what this memory is. */
static int found_in(const char *start, const char *end, const char *map)
{
    int found = 0;

    for (const char *place = start; place < end; place++) {
        for (int secret = 0; secret < SECRETS; secret++) {
            if (is_here(place, end, secret)) {
                found++;
                if (map == NULL) {
                    continue;
                }
                printf("%s at %p in %s", secret_names[secret], (const void *)place, map);
                /* Spaced, so that what is printed is not found in turn. */
                for (const char *c = place - start < AROUND ? start : place - AROUND; c < place + AROUND; c++) {
                    printf("%c ", *c >= ' ' && *c <= '~' ? *c : '.');
                }
                putchar('\n');
            }
        }
    }
    return found;
}

static int found_anywhere(int tells)
{
    char map[512];
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");

    if (maps == NULL) {
        give_up("no maps");
    }
    while (fgets(map, sizeof map, maps) != NULL) {
        unsigned long start;
        unsigned long end;
        char access[5];
        if (sscanf(map, "%lx-%lx %4s", &start, &end, access) == 3 && strncmp(access, "rw", 2) == 0
            && strstr(map, "[v") == NULL) {
            found += found_in((const char *)start, (const char *)end, tells ? map : NULL);
        }
    }
    fclose(maps);
    return found;
}

static int set_member(const char *json_in, char **json_out)
{
    char password[LONGEST];

    spell(PASSWORD, password);
    int status = cs_scale_out_json_set(json_in, "/login_password", password, json_out);
    wipe(password, sizeof password);
    return status;
}

static int get_member(const char *json_in, char **json_out)
{
    return cs_scale_out_json_get(json_in, "/client/access_key_secret", json_out);
}

/* One call of a request with both secrets. */
static void nothing_is_left(const char *what, int wanted, int (*call)(const char *, char **),
                            const char *endpoint, const char *members)
{
    char secrets[SECRETS][LONGEST];
    char request[2048];
    char *answer;

    for (int secret = 0; secret < SECRETS; secret++) {
        spell(secret, secrets[secret]);
    }
    const char *escape = strstr(what, "escape") != NULL ? "\\u00" : "";
    const char *rest = *escape != '\0' ? "41" : "";
    snprintf(request, sizeof request,
             "{\"ClusterId\":\"c1\",\"count\":1,\"login_password\":\"%s%s%s\",\"client\":{"
             "\"endpoint\":\"%s\",\"proxy\":\"\",\"access_key_id\":\"testid\","
             "\"access_key_secret\":\"%s%s%s\"%s}}",
             escape, rest, secrets[PASSWORD], endpoint, escape, rest, secrets[ACCESS_KEY], members);
    int status = call(request, &answer);
    wipe(request, sizeof request);
    wipe(secrets[0], sizeof secrets);
    CHECK(status == wanted, "%s: %s", what, cs_scale_out_status_name(status));
    if (answer != NULL) {
        wipe(answer, strlen(answer));
    }
    cs_scale_out_free(answer);
    int found = found_anywhere(1);
    CHECK(found == 0, "%s: no secret is left (%d)", what, found);
}

int main(int argc, char **argv)
{
    char trust[512];
    char kept[600];
    static char canary[LONGEST];

    if (argc != 5) {
        give_up("secrets HTTP HTTPS CA_FILE ECHO");
    }
    spell(PASSWORD, canary);
    CHECK(found_anywhere(0) == 1, "a search finds what is there");
    wipe(canary, sizeof canary);
    snprintf(trust, sizeof trust, ",\"ca_file\":\"%s\"", argv[3]);
    snprintf(kept, sizeof kept, "%s,\"keep_alive\":true", trust);
    for (int i = 0; i < 2; i++) {
        nothing_is_left("http", CS_SCALE_OUT_OK, cs_scale_out, argv[1], "");
        nothing_is_left("http, ACS3, kept", CS_SCALE_OUT_OK, cs_scale_out, argv[1],
                        ",\"signature_method\":\"ACS3-HMAC-SHA256\",\"keep_alive\":true");
        nothing_is_left("https", CS_SCALE_OUT_OK, cs_scale_out, argv[2], trust);
        nothing_is_left("https, kept", CS_SCALE_OUT_OK, cs_scale_out, argv[2], kept);
    }
    nothing_is_left("refused, with an escape", CS_SCALE_OUT_ERR_REFUSED, cs_scale_out, argv[1], "");
    nothing_is_left("refused by an echo", CS_SCALE_OUT_ERR_REFUSED, cs_scale_out, argv[4], "");
    nothing_is_left("no such trust", CS_SCALE_OUT_ERR_UNSENT, cs_scale_out, argv[2],
                    ",\"ca_file\":\"/nowhere\"");
    nothing_is_left("a dry run", CS_SCALE_OUT_OK, cs_scale_out, argv[1], ",\"dry_run\":true");
    nothing_is_left("a dry run, with an escape", CS_SCALE_OUT_OK, cs_scale_out, argv[1],
                    ",\"dry_run\":true,\"unchecked\":[\"/login_password\"]");
    nothing_is_left("invalid, with an escape", CS_SCALE_OUT_ERR_INVALID, cs_scale_out, argv[1],
                    ",\"max_attempts\":\"x\"");
    nothing_is_left("validate", CS_SCALE_OUT_OK, cs_scale_out_validate, argv[1], "");
    nothing_is_left("validate, with an escape", CS_SCALE_OUT_OK, cs_scale_out_validate, argv[1], "");
    nothing_is_left("json_set", CS_SCALE_OUT_OK, set_member, argv[1], "");
    nothing_is_left("json_get", CS_SCALE_OUT_OK, get_member, argv[1], "");
    return checks_end();
}
