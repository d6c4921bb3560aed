/* Calls cs_scale_out_validate() N times on the document in a file, for an instruction counter to watch. */
#include <stdio.h>
#include <stdlib.h>

#include "cs_scale_out.h"

int main(int argc, char **argv)
{
    static char document[1024 * 1024 + 1];
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        fputs("usage: validate FILE N\n", stderr);
        return 1;
    }
    document[fread(document, 1, sizeof document - 1, file)] = '\0';
    fclose(file);
    for (long calls = strtol(argv[2], NULL, 10); calls > 0; calls--) {
        char *answer;
        int status = cs_scale_out_validate(document, &answer);
        if (answer == NULL || status == CS_SCALE_OUT_ERR_INTERNAL) {
            return 1;
        }
        cs_scale_out_free(answer);
    }
    return 0;
}
