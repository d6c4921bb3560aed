# Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
#
#     tclsh scale_out.tcl request.json
#     tclsh scale_out.tcl < request.json
#
# The extension beside this file, cs_scale_out_tcl.c, is looked for in the directory named by OUT.
load [file join $env(OUT) libcs_scale_out_tcl.so] Cs_scale_out

# One value of a document into a variable; whether there is one.
proc get {document pointer variable} {
    upvar 1 $variable value
    lassign [cs_scale_out_json_get $document $pointer] status name value
    return [expr {$status == 0}]
}

proc print_list {document list first second} {
    for {set item 0} {[get $document /$list/$item/$first one]} {incr item} {
        get $document /$list/$item/$second two
        puts stderr "  $one: $two"
    }
}

proc read_request {name} {
    set file [expr {$name in {"" -} ? "stdin" : [open $name]}]
    fconfigure $file -translation binary
    set bytes [read $file]
    set text [encoding convertfrom utf-8 $bytes]
    if {[encoding convertto utf-8 $text] ne $bytes} {
        error "the request is not UTF-8" ;# Tcl would send a changed document
    }
    return $text
}

fconfigure stdout -encoding utf-8
fconfigure stderr -encoding utf-8
lassign [cs_scale_out [read_request [lindex $argv 0]]] status name answer

if {$status == 0} {
    # A dry run has no task.
    puts [expr {[get $answer /task_id task] ? "task $task" : $answer}]
} else {
    puts stderr "status: $name"
    foreach member {message hint} {
        if {[get $answer /$member value]} {
            puts stderr "$member: $value"
        }
    }
    print_list $answer problems path message
    print_list $answer candidates task_id state
}
print_list $answer warnings path message
exit [expr {-$status}]
