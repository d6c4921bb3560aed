*> Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
*>
*>     scale_out_cobol request.json
*>     scale_out_cobol < request.json
identification division.
program-id. scale-out.

environment division.
input-output section.
file-control.
    select request-file assign to dynamic request-name
        organization line sequential
        file status file-status.

data division.
file section.
*> One byte over the library's limit of 1 MiB: enough for it to see that a document is longer.
fd  request-file
    record is varying in size from 1 to 1048577 characters depending on line-length.
01  request-line            pic x(1048577).

working-storage section.
01  request-name            pic x(4096).
01  file-status             pic xx.
01  line-length             pic 9(8) comp-5.
01  request-document.       *> ends with a NUL, however long
    05  request             pic x(1048578) value low-values.
    05                      pic x value low-value.
01  request-end             pic 9(8) comp-5 value 1.
01  nul-count               pic 9(8) comp-5 value 0.
01  scale-out-status        binary-long.
01  get-status              binary-long.
01  answer                  pointer.
01  value-text              pointer.
01  text-length             binary-c-long unsigned.
01  place                   pic x(64).
01  list-name               pic x(16).
01  member-name             pic x(16).
01  first-name              pic x(16).
01  second-name             pic x(16).
01  item-number             pic 9(8).
01  item-text               pic z(7)9.

linkage section.
01  text-bytes              pic x(2097152).

procedure division.
    perform read-request
    call static "cs_scale_out" using by reference request-document by reference answer
        returning scale-out-status
    if scale-out-status = 0
        move "/task_id" to place
        perform get-value
        if get-status = 0
            display "task " text-bytes(1:text-length)
        else *> a dry run has no task
            perform release-value
            move space to place
            perform get-value
            display text-bytes(1:text-length)
        end-if
        perform release-value
    else
        call static "cs_scale_out_status_name" using by value scale-out-status returning value-text
        perform find-length
        display "status: " text-bytes(1:text-length) upon syserr
        move "message" to first-name
        perform print-member
        move "hint" to first-name
        perform print-member
        move "problems" to list-name move "path" to first-name move "message" to second-name
        perform print-list
        move "candidates" to list-name move "task_id" to first-name move "state" to second-name
        perform print-list
    end-if
    move "warnings" to list-name move "path" to first-name move "message" to second-name
    perform print-list
    call static "cs_scale_out_free" using by value answer returning omitted
    compute return-code = 0 - scale-out-status
    stop run.

*> The lines of the file, each with its line feed.
read-request.
    accept request-name from argument-value
    if request-name = spaces or "-"
        move "/dev/stdin" to request-name
    end-if
    open input request-file
    if file-status not = "00"
        display "cannot read " function trim(request-name) upon syserr
        stop run returning 64
    end-if
    perform until exit
        read request-file at end exit perform end-read
        string request-line(1:line-length) x"0a" delimited by size into request
            with pointer request-end
            on overflow exit perform *> too long, and seen to be
        end-string
    end-perform
    close request-file
    if request-end > 1
        inspect request(1:request-end - 1) tallying nul-count for all x"00"
    end-if
    if nul-count > 0
        display "the request holds a NUL byte" upon syserr
        stop run returning 64
    end-if.

*> The value at place: get-status 0 if there is one. Release it with release-value, there or not.
get-value.
    inspect place replacing trailing spaces by low-values
    call static "cs_scale_out_json_get" using by value answer by reference place by reference value-text
        returning get-status
    perform find-length.

find-length.
    move 0 to text-length
    if value-text not = null
        set address of text-bytes to value-text
        call "strlen" using by value value-text returning text-length
    end-if.

release-value.
    call static "cs_scale_out_free" using by value value-text returning omitted.

print-member.
    move spaces to place
    string "/" first-name delimited by size into place
    perform get-value
    if get-status = 0
        display function trim(first-name) ": " text-bytes(1:text-length) upon syserr
    end-if
    perform release-value.

print-list.
    move first-name to member-name
    move 0 to item-number
    perform get-item
    perform until get-status not = 0
        display "  " text-bytes(1:text-length) ": " upon syserr with no advancing
        perform release-value
        move second-name to member-name
        perform get-item
        display text-bytes(1:text-length) upon syserr
        perform release-value
        move first-name to member-name
        add 1 to item-number
        perform get-item
    end-perform
    perform release-value.

*> The value at /list-name/item-number/member-name.
get-item.
    move item-number to item-text
    move spaces to place
    string "/" delimited by size list-name delimited by space "/" delimited by size
        function trim(item-text) "/" member-name delimited by size into place
    perform get-value.
