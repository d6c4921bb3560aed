/* A program of somebody else's: sends one request, prints the task or what went wrong. */
#include <stdio.h>

#include <cs_scale_out.h>

int main(void)
{
    char *answer = NULL, *value = NULL;
    int status = cs_scale_out("{\"ClusterId\": \"c1\", \"count\": 1, \"key_pair\": \"common\"}", &answer);

    if (status == CS_SCALE_OUT_OK && cs_scale_out_json_get(answer, "/task_id", &value) == CS_SCALE_OUT_OK) {
        printf("cs_scale_out %s: task %s\n", cs_scale_out_version(), value);
    } else {
        fprintf(stderr, "%s: %s\n", cs_scale_out_status_name(status), answer ? answer : "out of memory");
    }
    cs_scale_out_free(value);
    cs_scale_out_free(answer);
    return -status;
}
