#!/usr/bin/perl
# Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
#
#     perl scale_out.pl request.json
#     perl scale_out.pl < request.json
use strict;
use warnings;

package CsScaleOut {
    use FFI::Platypus 2.00;

    my $ffi = FFI::Platypus->new(api => 2, lib => 'libcs_scale_out.so');
    $ffi->attach(cs_scale_out_free        => ['opaque'] => 'void');
    $ffi->attach(cs_scale_out_status_name => ['int']    => 'string');

    # The functions whose last parameter is `char **`: their status, and their text as a string.
    my $text = sub {
        my ($function, @arguments) = @_;
        my $status = $function->(@arguments, \my $out);
        my $text = $ffi->cast(opaque => 'string', $out);    # undef if memory ran out
        cs_scale_out_free($out);
        return ($status, $text);
    };
    $ffi->attach(cs_scale_out_json_get => ['string', 'string', 'opaque*'] => 'int', $text);
    $ffi->attach(cs_scale_out => ['string', 'opaque*'] => 'int', sub {
        die "the request holds a NUL byte\n" if $_[1] =~ /\0/;
        return $text->(@_);
    });

    # One value of a document, or undef.
    sub get {
        my ($status, $value) = cs_scale_out_json_get(@_);
        return $status == 0 ? $value : undef;
    }
}

sub print_list {
    my ($document, $list, $first, $second) = @_;
    for (my $item = 0; ; $item++) {
        my $one = CsScaleOut::get($document, "/$list/$item/$first") // return;
        my $two = CsScaleOut::get($document, "/$list/$item/$second") // '';
        print STDERR "  $one: $two\n";
    }
}

# Bytes, as the library wants and gives them.
my $request = do { local $/; <> } // exit 64;
my ($status, $answer) = CsScaleOut::cs_scale_out($request);

if ($status == 0) {
    my $task = CsScaleOut::get($answer, '/task_id');
    print defined $task ? "task $task\n" : "$answer\n";    # a dry run has no task
} else {
    print STDERR 'status: ', CsScaleOut::cs_scale_out_status_name($status), "\n";
    for my $member (qw(message hint)) {
        my $value = CsScaleOut::get($answer, "/$member") // next;
        print STDERR "$member: $value\n";
    }
    print_list($answer, qw(problems path message));
    print_list($answer, qw(candidates task_id state));
}
print_list($answer, qw(warnings path message));
exit -$status;
