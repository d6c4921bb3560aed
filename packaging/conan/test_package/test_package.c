/* What needs no server: the validator, and a request that is signed and not sent. */
#include <stdio.h>
#include <string.h>

#include <cs_scale_out.h>

/* Whether the call ended as wanted, and the value at the pointer is as wanted. */
static int is(int status, char *answer, int wanted, const char *pointer, const char *value)
{
    char *found = NULL;
    int same = status == wanted && cs_scale_out_json_get(answer, pointer, &found) == CS_SCALE_OUT_OK && strcmp(found, value) == 0;

    printf("%s: %s\n", cs_scale_out_status_name(status), same ? found : answer);
    cs_scale_out_free(found);
    cs_scale_out_free(answer);
    return same;
}

int main(void)
{
    char *answer;
    int status = cs_scale_out_validate("{\"ClusterId\": \"c1\", \"count\": 0}", &answer);
    int good = is(status, answer, CS_SCALE_OUT_ERR_INVALID, "/problems/0/path", "/count");

    status = cs_scale_out("{\"ClusterId\": \"c1\", \"count\": 1, \"key_pair\": \"common\", \"client\": {"
                          "\"dry_run\": true, \"access_key_id\": \"id\", \"access_key_secret\": \"secret\"}}",
                          &answer);
    good &= is(status, answer, CS_SCALE_OUT_OK, "/request/method", "POST");
    printf("cs_scale_out %s\n", cs_scale_out_version());
    return !good;
}
