/*
 * The library as a program has it that loads it by dlopen(): what check.h and kinds.h call is what was
 * loaded, and nothing is linked with the library.
 */
#ifndef LOADED_H
#define LOADED_H

#include <dlfcn.h>

#include "cs_scale_out.h"

static struct {
    int (*scale_out)(const char *json_in, char **json_out);
    int (*json_get)(const char *json, const char *pointer, char **value_out);
    void (*free)(char *text);
    const char *(*status_name)(int status);
} loaded;

#define cs_scale_out loaded.scale_out
#define cs_scale_out_json_get loaded.json_get
#define cs_scale_out_free loaded.free
#define cs_scale_out_status_name loaded.status_name

#include "kinds.h"

static const char *library;

static void *load(void)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

    if (handle == NULL) {
        give_up(dlerror());
    }
    /* The same for all threads: a library in use is not loaded twice. */
    *(void **)&loaded.scale_out = dlsym(handle, "cs_scale_out");
    *(void **)&loaded.json_get = dlsym(handle, "cs_scale_out_json_get");
    *(void **)&loaded.free = dlsym(handle, "cs_scale_out_free");
    *(void **)&loaded.status_name = dlsym(handle, "cs_scale_out_status_name");
    return handle;
}

#endif
