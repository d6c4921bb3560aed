*> Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
*>
*>     scale_out_cobol request.json
*>     scale_out_cobol < request.json
identification division.
program-id. scale-out.

data division.
working-storage section.
01  request-name            pic x(4096).
01  request-file            pointer.
*> One byte over the library's limit of 1 MiB, enough for it to see that a document is longer, and a NUL.
01  request-limit           binary-c-long unsigned value 1048577.
01  request                 pic x(1048578) value low-values.
01  request-length          binary-c-long unsigned.
01  one-byte                binary-c-long unsigned value 1.
01  scale-out-status        binary-long.
01  answer                  pointer.
01  get-status              binary-long.
01  value-text              pointer value null. *> what get-value found, until its next time
01  text-length             binary-c-long unsigned.
01  place                   pic x(64).
01  list-name               pic x(16).
01  member-name             pic x(16).
01  first-name              pic x(16).
01  second-name             pic x(16).
01  item-number             pic 9(8) comp-5.
01  item-text               pic z(7)9.

linkage section.
01  text-bytes              pic x(2097152).

procedure division.
    perform read-request
    call static "cs_scale_out" using by reference request by reference answer returning scale-out-status
    if scale-out-status = 0
        move "/task_id" to place
        perform get-value
        if get-status = 0
            display "task " text-bytes(1:text-length)
        else *> a dry run has no task
            move spaces to place
            perform get-value
            display text-bytes(1:text-length)
        end-if
    else
        move "status" to member-name perform print-member
        move "message" to member-name perform print-member
        move "hint" to member-name perform print-member
        move "problems" to list-name move "path" to first-name move "message" to second-name
        perform print-list
        move "candidates" to list-name move "task_id" to first-name move "state" to second-name
        perform print-list
    end-if
    move "warnings" to list-name move "path" to first-name move "message" to second-name
    perform print-list
    call static "cs_scale_out_free" using by value value-text returning omitted
    call static "cs_scale_out_free" using by value answer returning omitted
    compute return-code = 0 - scale-out-status
    stop run.

*> C's own functions, since COBOL's would read lines, not bytes.
read-request.
    accept request-name from argument-value
    if request-name = spaces or "-"
        move "/dev/stdin" to request-name
    end-if
    inspect request-name replacing trailing spaces by low-values
    call "fopen" using by reference request-name by content z"rb" returning request-file
    if request-file = null
        display "cannot read the request" upon syserr
        stop run returning 64
    end-if
    call "fread" using by reference request by value one-byte by value request-limit by value request-file
        returning request-length
    call "fclose" using by value request-file
    call "strlen" using by reference request returning text-length
    if text-length not = request-length
        display "the request holds a NUL byte" upon syserr
        stop run returning 64
    end-if.

*> The value at place: get-status 0 if there is one.
get-value.
    call static "cs_scale_out_free" using by value value-text returning omitted
    inspect place replacing trailing spaces by low-values
    call static "cs_scale_out_json_get" using by value answer by reference place by reference value-text
        returning get-status
    move 0 to text-length
    if value-text not = null
        set address of text-bytes to value-text
        call "strlen" using by value value-text returning text-length
    end-if.

print-member.
    move spaces to place
    string "/" member-name delimited by size into place
    perform get-value
    if get-status = 0
        display function trim(member-name) ": " text-bytes(1:text-length) upon syserr
    end-if.

print-list.
    move 0 to get-status
    perform varying item-number from 0 by 1 until get-status not = 0
        move first-name to member-name
        perform get-item
        if get-status = 0
            display "  " text-bytes(1:text-length) ": " upon syserr with no advancing
            move second-name to member-name
            perform get-item
            display text-bytes(1:text-length) upon syserr
        end-if
    end-perform.

*> The value at /list-name/item-number/member-name.
get-item.
    move item-number to item-text
    move spaces to place
    string "/" delimited by size list-name delimited by space "/" delimited by size
        function trim(item-text) "/" member-name delimited by size into place
    perform get-value.
