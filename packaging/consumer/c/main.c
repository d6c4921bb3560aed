/* A program of somebody else's: sends one request, prints the task or what went wrong. */
#include <stdio.h>

#include <cs_scale_out.h>

int main(void)
{
    char *answer = NULL, *value = NULL;
    int status = cs_scale_out("{\"ClusterId\": \"c1\", \"count\": 1, \"key_pair\": \"common\"}", &answer);

    if (status == CS_OK && cs_json_get(answer, "/task_id", &value) == CS_OK) {
        printf("cs_scale_out %s: task %s\n", cs_version(), value);
    } else {
        fprintf(stderr, "%s: %s\n", cs_status_name(status), answer ? answer : "out of memory");
    }
    cs_free(value);
    cs_free(answer);
    return -status;
}
