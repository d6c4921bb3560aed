/*
 * A process that calls the library for years does not grow.
 *
 *     grow CALLS
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

/* Below this a verdict would be about the allocator's warming up; valgrind finds leaks there. */
enum { FEWEST_TO_JUDGE = 10000, BOUND_KIB = 512 };

static const char valid[] = "{\"ClusterId\":\"c1\",\"count\":1,\"key_pair\":\"k\","
                            "\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}";
static const char invalid[] = "{\"ClusterId\":\"\",\"cont\":1,\"count\":0,\"cpu_policy\":\"x\"}";
static const char dry[] = "{\"ClusterId\":\"c1\",\"key_pair\":\"k\","
                          "\"client\":{\"dry_run\":true," KEYS "}}";

/* Successes and failures in turn; counts the calls that did not end as they should. */
static int run(int calls)
{
    int wrong = 0;

    for (int i = 0; i < calls; i++) {
        char *out;
        char *value;
        int odd = i % 2;
        int status = cs_scale_out_validate(odd ? invalid : valid, &out);
        wrong += !ended(status, odd ? CS_SCALE_OUT_ERR_INVALID : CS_SCALE_OUT_OK, out);
        wrong += cs_scale_out_json_get(out, odd ? "/problems" : "/no/such", &value)
              != (odd ? CS_SCALE_OUT_OK : CS_SCALE_OUT_ERR_INVALID);
        cs_scale_out_free(value);
        cs_scale_out_free(out);
        wrong += cs_scale_out_json_set(valid, "/count", odd ? "none" : "2", &out)
              != (odd ? CS_SCALE_OUT_ERR_INVALID : CS_SCALE_OUT_OK);
        cs_scale_out_free(out);
        if (i % 10 == 0) {
            wrong += cs_scale_out(dry, &out) != CS_SCALE_OUT_OK;
            cs_scale_out_free(out);
        }
    }
    return wrong;
}

int main(int argc, char **argv)
{
    int calls = argc > 1 ? atoi(argv[1]) : 0;

    CHECK(calls > 0, "%d calls", calls);
    CHECK(run(calls / 10 + 10) == 0, "the first ones end as they should");
    long before = resident_kib();
    CHECK(run(calls) == 0, "all of them end as they should");
    long grown = resident_kib() - before;
    if (calls >= FEWEST_TO_JUDGE) {
        CHECK(before > 0 && grown < BOUND_KIB, "%ld KiB, and %ld more at the end", before, grown);
    } else {
        CHECK(before > 0, "too few calls to judge the growth");
    }
    return checks_end();
}
