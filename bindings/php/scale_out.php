<?php
// Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
//
//     php scale_out.php request.json
//     php scale_out.php < request.json
declare(strict_types=1);

final class CsScaleOut
{
    private FFI $lib;

    public function __construct()
    {
        $this->lib = FFI::cdef('
            int cs_scale_out(const char *json_in, char **json_out);
            int cs_scale_out_json_get(const char *json, const char *pointer, char **value_out);
            void cs_scale_out_free(char *text);
            const char *cs_scale_out_status_name(int status);
        ', 'libcs_scale_out.so');
    }

    /** Sends a request, once: [status (0 or negative), document]. */
    public function scaleOut(string $request): array
    {
        if (str_contains($request, "\0")) {
            throw new InvalidArgumentException('the request holds a NUL byte');
        }
        return $this->call('cs_scale_out', $request);
    }

    /** One value of a document, or null. */
    public function get(string $document, string $pointer): ?string
    {
        [$status, $value] = $this->call('cs_scale_out_json_get', $document, $pointer);
        return $status === 0 ? $value : null;
    }

    public function statusName(int $status): string
    {
        return $this->lib->cs_scale_out_status_name($status);
    }

    /** Calls a function whose last parameter is `char **`. */
    private function call(string $function, string ...$arguments): array
    {
        $out = $this->lib->new('char *');
        $status = $this->lib->$function(...[...$arguments, FFI::addr($out)]);
        $text = FFI::isNull($out) ? '' : FFI::string($out); // none if memory ran out
        $this->lib->cs_scale_out_free($out);
        return [$status, $text];
    }
}

$cs = new CsScaleOut();
$printList = function (string $document, string $list, string $first, string $second) use ($cs): void {
    for ($item = 0; ($one = $cs->get($document, "/$list/$item/$first")) !== null; $item++) {
        fwrite(STDERR, "  $one: {$cs->get($document, "/$list/$item/$second")}\n");
    }
};

$name = $argv[1] ?? '-';
$request = file_get_contents($name === '-' ? 'php://stdin' : $name);
if ($request === false) {
    exit(64);
}
[$status, $answer] = $cs->scaleOut($request);

if ($status === 0) {
    $task = $cs->get($answer, '/task_id');
    echo $task !== null ? "task $task\n" : "$answer\n"; // a dry run has no task
} else {
    fwrite(STDERR, "status: {$cs->statusName($status)}\n");
    foreach (['message', 'hint'] as $member) {
        $value = $cs->get($answer, "/$member");
        fwrite(STDERR, $value !== null ? "$member: $value\n" : '');
    }
    $printList($answer, 'problems', 'path', 'message');
    $printList($answer, 'candidates', 'task_id', 'state');
}
$printList($answer, 'warnings', 'path', 'message');
exit(-$status);
