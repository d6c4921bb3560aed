/*
 * libcapstone exports cs_free and cs_version, as version 0.1 of this library did: both are used here, in
 * one file, each with its own memory.
 */
#include <capstone/capstone.h>
#include <stdio.h>
#include <string.h>

#include "cs_scale_out.h"

int main(void)
{
    static const uint8_t code[] = {0x90, 0xc3};
    csh handle;
    cs_insn *instructions;
    char *answer = NULL;
    size_t count;
    int major, minor, status;

    if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK) {
        return 1;
    }
    count = cs_disasm(handle, code, sizeof code, 0, 0, &instructions);
    status = cs_scale_out_validate("{\"ClusterId\":\"c1\",\"key_pair\":\"k\"}", &answer);
    printf("%d: %s\n", status, answer != NULL ? answer : "");
    cs_scale_out_free(answer);
    cs_free(instructions, count);
    cs_version(&major, &minor);
    return !(status == CS_SCALE_OUT_OK && count == 2 && cs_close(&handle) == CS_ERR_OK && major > 0
             && strcmp(cs_scale_out_version(), CS_SCALE_OUT_VERSION) == 0);
}
