/*
 * The C library as Tcl commands, since Tcl has no FFI:
 *
 *     cs_scale_out request                      {status name document}: sends a request, once
 *     cs_scale_out_json_get document pointer    {status name value}
 */
#include <string.h>
#include <tcl.h>

#include "cs_scale_out.h"

/* Tcl's own encoding differs from it where a character is NUL or beyond the first 65536. */
static Tcl_Encoding utf8_encoding;

static const char *utf8(Tcl_Obj *text, Tcl_DString *room)
{
    int length;
    const char *own = Tcl_GetStringFromObj(text, &length);
    return Tcl_UtfToExternalDString(utf8_encoding, own, length, room);
}

/* {status name text}; releases the text. */
static int answer(Tcl_Interp *tcl, int status, char *text)
{
    Tcl_DString room;
    Tcl_ExternalToUtfDString(utf8_encoding, text ? text : "", -1, &room);
    cs_scale_out_free(text);
    Tcl_Obj *parts[] = {Tcl_NewIntObj(status), Tcl_NewStringObj(cs_scale_out_status_name(status), -1),
                        Tcl_NewStringObj(Tcl_DStringValue(&room), Tcl_DStringLength(&room))};
    Tcl_DStringFree(&room);
    Tcl_SetObjResult(tcl, Tcl_NewListObj(3, parts));
    return TCL_OK;
}

static int scale_out(ClientData unused, Tcl_Interp *tcl, int count, Tcl_Obj *const words[])
{
    (void)unused;
    if (count != 2) {
        Tcl_WrongNumArgs(tcl, 1, words, "request");
        return TCL_ERROR;
    }
    Tcl_DString room;
    const char *request = utf8(words[1], &room);
    if (strlen(request) != (size_t)Tcl_DStringLength(&room)) {
        Tcl_DStringFree(&room);
        Tcl_SetObjResult(tcl, Tcl_NewStringObj("the request holds a NUL character", -1));
        return TCL_ERROR;
    }
    char *text;
    int status = cs_scale_out(request, &text);
    Tcl_DStringFree(&room);
    return answer(tcl, status, text);
}

static int json_get(ClientData unused, Tcl_Interp *tcl, int count, Tcl_Obj *const words[])
{
    (void)unused;
    if (count != 3) {
        Tcl_WrongNumArgs(tcl, 1, words, "document pointer");
        return TCL_ERROR;
    }
    Tcl_DString document, pointer;
    char *text;
    int status = cs_scale_out_json_get(utf8(words[1], &document), utf8(words[2], &pointer), &text);
    Tcl_DStringFree(&document);
    Tcl_DStringFree(&pointer);
    return answer(tcl, status, text);
}

int Cs_scale_out_Init(Tcl_Interp *tcl)
{
    if (Tcl_InitStubs(tcl, "8.6", 0) == NULL) {
        return TCL_ERROR;
    }
    utf8_encoding = Tcl_GetEncoding(NULL, "utf-8");
    Tcl_CreateObjCommand(tcl, "cs_scale_out", scale_out, NULL, NULL);
    Tcl_CreateObjCommand(tcl, "cs_scale_out_json_get", json_get, NULL, NULL);
    return Tcl_PkgProvide(tcl, "cs_scale_out", CS_SCALE_OUT_VERSION);
}
