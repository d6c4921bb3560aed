/*
 * A host whose locale writes decimal commas, and points between thousands.
 *
 *     commas HTTP HTTPS CA_FILE PROXY
 */
#define _GNU_SOURCE

#include <locale.h>

#include "kinds.h"

static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "fr_FR.UTF-8", "fr_FR.utf8",
                                    "nl_NL.UTF-8", "pt_BR.UTF-8", "ru_RU.UTF-8", "de_DE"};

static const char *choose_locale(void)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (setlocale(LC_ALL, names[i]) != NULL && *localeconv()->decimal_point == ',') {
            return names[i];
        }
    }
    return NULL;
}

/* What comes of `client`: a call that carries numbers. The runner reads what went out. */
static char *call_with_numbers(const char *endpoint, const char *client)
{
    static const char numbers[] = "\"count\":501,\"key_pair\":\"k\","
                                  "\"worker_system_disk_size\":32768,\"factor\":1234.5e-1";
    char *json_in = request_to(endpoint, "numbers", numbers, client);

    return check_answer("numbers", json_in, CS_SCALE_OUT_OK);
}

#define AND_FACTOR "\"unchecked\":[\"/factor\"],\"timeout_ms\":20000," KEYS

static void numbers_are_written_with_a_point(const char *endpoint)
{
    char *out;

    CHECK(holds("{\"n\":[1.5,2.5e3]}", "/n", "[1.5,2.5e3]"), "cs_scale_out_json_get: [1.5,2.5e3]");
    int status = cs_scale_out_validate("{\"ClusterId\":\"c\",\"client\":{\"timeout_ms\":1.5}}", &out);
    CHECK(ended(status, CS_SCALE_OUT_ERR_INVALID, out), "cs_scale_out_validate: 1.5 is no integer");
    cs_scale_out_free(out);
    status = cs_scale_out_json_set("{\"factor\":1.5}", "/count", "1234567", &out);
    CHECK(status == CS_SCALE_OUT_OK && strcmp(out, "{\"factor\":1.5,\"count\":1234567}") == 0,
          "cs_scale_out_json_set: 1234567");
    cs_scale_out_free(out);

    char *plan = call_with_numbers(endpoint, "\"dry_run\":true," AND_FACTOR);
    CHECK(holds(plan, "/request/body",
                "{\"count\":501,\"key_pair\":\"k\",\"worker_system_disk_size\":32768,"
                "\"factor\":1234.5e-1}"),
          "a dry run shows them as they were given");
    cs_scale_out_free(plan);
    char *answer = call_with_numbers(endpoint, "\"max_attempts\":2," AND_FACTOR);
    CHECK(holds(answer, "/attempts", "2"), "the pause that the service asked for was read");
    CHECK(holds(answer, "/warnings/0/code", "large_count"), "501 is large");
    cs_scale_out_free(answer);
}

int main(int argc, char **argv)
{
    if (argc != ARGUMENTS) {
        give_up("commas HTTP HTTPS CA_FILE PROXY");
    }
    const char *locale = choose_locale();
    if (locale == NULL) {
        CHECK(1, "skipped: no locale with decimal commas is installed");
        return checks_end();
    }
    char written[16];
    snprintf(written, sizeof written, "%.1f", 1.5);
    CHECK(strcmp(written, "1,5") == 0, "%s: the host writes 1,5", locale);
    numbers_are_written_with_a_point(argv[HTTP]);
    kinds_begin(argv);
    for (int kind = 0; kind < KINDS; kind++) {
        CHECK(kind_ends_as_wanted(kind), "%s", kinds[kind].name);
    }
    CHECK(strcmp(setlocale(LC_ALL, NULL), locale) == 0, "%s stays set", locale);
    return checks_end();
}
