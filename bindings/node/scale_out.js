// Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
//
//     node scale_out.js request.json
//     node scale_out.js < request.json
'use strict';

const fs = require('node:fs');
const koffi = require('koffi');

const lib = koffi.load('libcs_scale_out.so');
const free = lib.func('void cs_scale_out_free(void *text)');
// koffi copies a text of this type into a string, and releases it.
koffi.disposable('Text', 'str', free);
const C = {
    scaleOut: lib.func('int cs_scale_out(const char *json_in, _Out_ Text *json_out)'),
    get: lib.func('int cs_scale_out_json_get(const char *json, const char *pointer, _Out_ Text *value_out)'),
    statusName: lib.func('const char *cs_scale_out_status_name(int status)'),
};

// Sends a request, once: its status (0 or negative) and its document (null if memory ran out).
function scaleOut(request) {
    if (request.includes('\0')) throw new Error('the request holds a NUL byte');
    const out = [null];
    const status = C.scaleOut(request, out);
    return { status, document: out[0] };
}

// One value of a document, or null.
function get(document, pointer) {
    const out = [null];
    return C.get(document, pointer, out) === 0 ? out[0] : null;
}

module.exports = { scaleOut, get, statusName: C.statusName };

function printList(document, list, first, second) {
    for (let item = 0; ; item++) {
        const one = get(document, `/${list}/${item}/${first}`);
        if (one === null) return;
        console.error(`  ${one}: ${get(document, `/${list}/${item}/${second}`)}`);
    }
}

function main() {
    const name = process.argv[2] ?? '-';
    // A lenient decoder would send a changed document.
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const request = utf8.decode(fs.readFileSync(name === '-' ? 0 : name));
    const { status, document } = scaleOut(request);

    if (status === 0) {
        const task = get(document, '/task_id');
        console.log(task !== null ? `task ${task}` : document); // a dry run has no task
    } else {
        console.error(`status: ${C.statusName(status)}`);
        for (const member of ['message', 'hint']) {
            const value = get(document, `/${member}`);
            if (value !== null) console.error(`${member}: ${value}`);
        }
        printList(document, 'problems', 'path', 'message');
        printList(document, 'candidates', 'task_id', 'state');
    }
    printList(document, 'warnings', 'path', 'message');
    process.exitCode = -status;
}

if (require.main === module) main();
