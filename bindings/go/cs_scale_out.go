// Package csscaleout adds worker nodes to an ACK cluster. Documents are UTF-8 JSON.
package csscaleout

// #cgo LDFLAGS: -lcs_scale_out
// #include <stdlib.h>
// #include "cs_scale_out.h"
import "C"

import (
	"errors"
	"strings"
	"unsafe"
)

// Status says how a call ended: OK or one of the negative numbers.
type Status int

const (
	OK          Status = C.CS_SCALE_OUT_OK
	Argument    Status = C.CS_SCALE_OUT_ERR_ARGUMENT
	Invalid     Status = C.CS_SCALE_OUT_ERR_INVALID
	Credentials Status = C.CS_SCALE_OUT_ERR_CREDENTIALS
	Unsent      Status = C.CS_SCALE_OUT_ERR_UNSENT
	Refused     Status = C.CS_SCALE_OUT_ERR_REFUSED
	Unknown     Status = C.CS_SCALE_OUT_ERR_UNKNOWN // never retry: nodes may be on their way
	Internal    Status = C.CS_SCALE_OUT_ERR_INTERNAL
	Failed      Status = C.CS_SCALE_OUT_ERR_FAILED // of a wait for a task
)

// String is the word that stands under "status" in a document.
func (status Status) String() string {
	return C.GoString(C.cs_scale_out_status_name(C.int(status)))
}

// ScaleOut sends a request, once. An error is a request that C cannot hold; nothing was sent.
func ScaleOut(request string) (Status, string, error) {
	if strings.IndexByte(request, 0) >= 0 {
		return Argument, "", errors.New("the request holds a NUL byte")
	}
	json := C.CString(request)
	defer C.free(unsafe.Pointer(json))
	var out *C.char
	status := C.cs_scale_out(json, &out)
	defer C.cs_scale_out_free(out)
	return Status(status), C.GoString(out), nil
}

// Get takes one value out of a document, and says whether there is one.
func Get(document, pointer string) (string, bool) {
	json, place := C.CString(document), C.CString(pointer)
	defer C.free(unsafe.Pointer(json))
	defer C.free(unsafe.Pointer(place))
	var out *C.char
	status := C.cs_scale_out_json_get(json, place, &out)
	defer C.cs_scale_out_free(out)
	return C.GoString(out), status == C.CS_SCALE_OUT_OK
}
