"""What does not depend on the machine's load: system calls, threads, instructions."""

import json
import os
import re

from programs import ROOT, Failed, run

CALLS = re.compile(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", re.MULTILINE)
FEW, MANY = 100, 1100
EXAMPLE = os.path.join(ROOT, "examples", "request.json")


def per_warm_call(command, folder):
    """Each system call's number in one warm call: what a thousand calls more cost, divided."""
    totals = []
    for calls in (FEW, MANY):
        report = os.path.join(folder, "strace.txt")
        run(["strace", "-f", "-c", "-o", report, *command(calls)])
        with open(report, encoding="utf-8") as file:
            totals.append({name: int(count) for count, name in CALLS.findall(file.read()) if name != "total"})
    few, many = totals
    rates = {name: (many[name] - few.get(name, 0)) / (MANY - FEW) for name in many}
    return {name: rate for name, rate in rates.items() if round(rate, 2) != 0}


def instructions(command, *options):
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *options]
    report = run([*valgrind, "--log-fd=1", *command])
    counted = re.search(r"Collected : (\d+)", report)
    if not counted:
        raise Failed("callgrind counted nothing")
    return int(counted[1])


def of_example(validate):
    """Instructions of one cs_scale_out_validate of the reference's example, warm."""
    many, one = (instructions([validate, EXAMPLE, str(calls)]) for calls in (101, 1))
    return (many - one) / 100


def of_warm_call(command):
    """Instructions of one cs_scale_out in user space, warm."""
    many, few = (instructions(command(calls), "--toggle-collect=cs_scale_out") for calls in (120, 20))
    return (many - few) / 100


def growth(validate, folder, shape, size):
    """Instructions for a document of `4 * size` bytes over those for `size` bytes."""
    path = os.path.join(folder, "hostile.json")
    counted, lengths = [], []
    for wanted in (size, 4 * size):
        with open(path, "w", encoding="utf-8") as file:
            lengths.append(file.write(shape(wanted)))
        counted.append(instructions([validate, path, "1"], "--toggle-collect=cs_scale_out_validate"))
    # The sizes are not met to the byte; what is compared is the cost of a byte.
    return counted[1] / counted[0] * 4 * lengths[0] / lengths[1]


def members(size, *text):
    """A document of about `size` bytes: members made from each number by the given patterns."""
    parts, number, length = ['"ClusterId":"c1"'], 0, 0
    while length < size:
        part = ",".join(pattern % {"n": number} for pattern in text)
        parts.append(part)
        length += len(part) + 1
        number += 1
    return "{%s}" % ",".join(parts)


def inside(name, item):
    """A document whose one long member is a list of items."""
    def shape(size):
        count = size // (len(item % {"n": 10000}) + 1)
        items = ",".join(item % {"n": number} for number in range(count))
        return '{"ClusterId":"c1","%s":[%s]}' % (name, items)
    return shape


def unchecked(size):
    """Unknown members, each with the pointer that lets it through."""
    names = ["x%d" % number for number in range(size // 24)]
    strangers = ",".join('"%s":1' % name for name in names)
    pointers = json.dumps(["/" + name for name in names], separators=(",", ":"))
    return '{"ClusterId":"c1",%s,"client":{"unchecked":%s}}' % (strangers, pointers)


def nested(size):
    # The parser gives up at a fixed depth, so the rest of the bytes stand beside the deepest spot.
    deep = '{"a":' * 100 + "1" + "}" * 100
    return '{"ClusterId":"c1","tags":[%s]}' % ",".join([deep] * (size // (len(deep) + 1)))


HOSTILE = {
    "unknown members": lambda size: members(size, '"x%(n)d":1'),
    "unknown members, long names": lambda size: members(size, '"worker_instance_charge_typo_%(n)d":1'),
    "one name, given again and again": lambda size: members(size, '"count":1'),
    "unknown names, each given twice": lambda size: members(size, '"x%(n)d":1', '"x%(n)d":2'),
    "brackets only": lambda size: "[" * size,
    "deep nesting": nested,
    "a huge string": lambda size: '{"ClusterId":"c1","key_pair":"%s"}' % ("k" * size),
    "a huge string of escapes": lambda size: '{"ClusterId":"c1","key_pair":"%s"}' % ("\\u00e9" * (size // 6)),
    "a huge number": lambda size: '{"ClusterId":"c1","count":%s}' % ("9" * size),
    "huge user data": lambda size: '{"ClusterId":"c1","user_data":"%s"}' % ("QUFB" * (size // 4)),
    "a huge cluster id": lambda size: '{"ClusterId":"%s"}' % ("/" * size),
    "white space": lambda size: '{"ClusterId":"c1"%s}' % (" " * size),
    "tags": inside("tags", '{"key":"k%(n)d","value":"v"}'),
    "tags with one key": inside("tags", '{"key":"k","value":"v%(n)d"}'),
    "taints without a key": inside("taints", '{"key":"","value":"v%(n)d"}'),
    "switches": inside("vswitch_ids", '"vsw-%(n)d"'),
    "the same switch": inside("vswitch_ids", '"vsw-%(n).0s"'),
    "items of a wrong type": inside("worker_data_disks", "%(n)d"),
    "unchecked pointers": unchecked,
}
