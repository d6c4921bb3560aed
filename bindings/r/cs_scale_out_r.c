/* The C library for R's .Call: list(status, document). */
#include <R.h>
#include <Rinternals.h>

#include "cs_scale_out.h"

/* list(status, text); releases the text. NULL for the text if memory ran out. */
static SEXP answer(int status, char *text)
{
    SEXP both = PROTECT(Rf_allocVector(VECSXP, 2));
    SET_VECTOR_ELT(both, 0, Rf_ScalarInteger(status));
    if (text != NULL) {
        SET_VECTOR_ELT(both, 1, Rf_ScalarString(Rf_mkCharCE(text, CE_UTF8)));
    }
    cs_scale_out_free(text);
    UNPROTECT(1);
    return both;
}

static const char *utf8(SEXP text)
{
    return Rf_translateCharUTF8(Rf_asChar(text));
}

SEXP r_scale_out(SEXP request)
{
    char *text;
    int status = cs_scale_out(utf8(request), &text);
    return answer(status, text);
}

SEXP r_json_get(SEXP document, SEXP pointer)
{
    char *text;
    int status = cs_scale_out_json_get(utf8(document), utf8(pointer), &text);
    return answer(status, text);
}

SEXP r_status_name(SEXP status)
{
    return Rf_mkString(cs_scale_out_status_name(Rf_asInteger(status)));
}
