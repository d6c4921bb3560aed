"""Hostile values: sent right or refused with a clear error, never a crash."""

from __future__ import annotations

import collections
import decimal
import enum
import types

import cs_scale_out
import pytest
from cs_scale_out import InvalidRequest, UnsupportedType, scale_out, validate


def problems(**parameters):
    return [(p.path, p.code) for p in validate("c1", key_pair="k", **parameters).problems]


def refusal(request):
    with pytest.raises(InvalidRequest) as caught:
        validate(request)
    return caught.value


@pytest.mark.parametrize("text", ["前端", "🚀", "é\u0301", "a\"b\\c\n\t\x01\x7f", "\u2028", "\x00"])
def test_text_goes_out_as_it_is(local_ack, text):
    scale_out("c1", key_pair="k", tags=[{"key": "k", "value": text}], client=local_ack.client)
    assert local_ack.ledger[0].request["tags"] == [{"key": "k", "value": text}]


def test_half_a_surrogate_pair_is_a_problem_with_its_path():
    assert problems(tags=[{"key": "k", "value": "a\ud83d"}]) == [("/tags/0/value", "not_unicode")]
    assert [p.code for p in validate({"ClusterId": "c1", "a\udc00": 1}).problems] == ["not_unicode"]
    assert validate({"ClusterId": "\ud800"}).problems[0].path == "/ClusterId"
    # Two halves in a row are what Python reads from a wrong decoding; together they are one character.
    assert problems(tags=[{"key": "k", "value": "\ud83d\ude80"}]) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), decimal.Decimal("NaN")])
def test_what_is_not_finite(value):
    error = refusal({"ClusterId": "c1", "count": value})
    assert [(p.path, p.code) for p in error.problems] == [("/count", "out_of_range")]
    assert "/count: must be finite" in str(error)


@pytest.mark.parametrize("value", [10**30, -(10**30), 2**63, 10**4000])
def test_huge_ints(value):
    assert problems(count=value) == [("/count", "out_of_range")]


def test_ints_of_more_digits_than_python_writes():
    request = {"ClusterId": "c1", "count": 10**100_000}
    try:
        found = validate(request).problems
    except InvalidRequest as error:  # Python 3.11 and later limit the digits
        found = error.problems
    assert [(p.path, p.code) for p in found] == [("/count", "out_of_range")]


def test_huge_ints_go_out_digit_by_digit_where_nothing_is_checked(local_ack):
    client = {**local_ack.client, "unchecked": ["/n", "/f", "/d"]}
    request = {"ClusterId": "c1", "key_pair": "k", "n": 10**30 + 1, "f": 1e-7, "client": client}
    scale_out({**request, "d": decimal.Decimal("1.10")})
    assert '"n":1000000000000000000000000000001,"f":1e-7,"d":1.10' in local_ack.ledger[0].body


def test_a_bool_is_no_int_and_an_int_no_bool():
    assert problems(count=True) == [("/count", "wrong_type")]
    assert problems(worker_data_disk=1) == [("/worker_data_disk", "wrong_type")]


@pytest.mark.parametrize("value", [3.0, 3.5, "3", decimal.Decimal("3.0"), [3], {"a": 3}])
def test_what_is_no_int_is_left_to_the_validator(value):
    assert problems(count=value) == [("/count", "wrong_type")]


def test_subclasses_are_what_they_derive_from(local_ack):
    class Count(enum.IntEnum):
        TWO = 2

    class Kind(str, enum.Enum):
        POST = "PostPaid"

    class Text(str):
        def __str__(self) -> str:
            return "something else"

    class Loud(dict):
        def items(self):
            return [(name.lower(), value) for name, value in super().items()]

    class Index:
        def __index__(self) -> int:
            return 120

    scale_out(
        Text("c1"),
        count=Count.TWO,
        worker_instance_charge_type=Kind.POST,
        key_pair=Text("k"),
        worker_system_disk_size=Index(),
        tags=(Loud(KEY="a", VALUE="b"), collections.OrderedDict(key="c", value="d")),
        taints=collections.deque([types.MappingProxyType({"key": "t", "effect": "NoSchedule"})]),
        vswitch_ids=collections.UserList(["vsw-1"]),
        runtime=collections.UserDict(name="docker"),
        client=types.MappingProxyType(local_ack.client),
    )
    assert local_ack.ledger[0].cluster_id == "c1"
    assert local_ack.ledger[0].request == {
        "count": 2,
        "worker_instance_charge_type": "PostPaid",
        "worker_system_disk_size": 120,
        "key_pair": "k",
        "runtime": {"name": "docker"},
        "vswitch_ids": ["vsw-1"],
        "tags": [{"key": "a", "value": "b"}, {"key": "c", "value": "d"}],
        "taints": [{"key": "t", "effect": "NoSchedule"}],
    }


@pytest.mark.parametrize(
    "value", [b"x", bytearray(b"x"), memoryview(b"x"), {1}, object(), 1j, iter([1]), len, type]
)
def test_what_has_no_json_form_is_a_type_error_with_its_path(value):
    error = refusal({"ClusterId": "c1", "tags": [{"key": "a~/b", "value": value}]})
    assert isinstance(error, UnsupportedType) and isinstance(error, TypeError)
    assert error.status == -2
    assert [(p.path, p.code) for p in error.problems] == [("/tags/0/value", "wrong_type")]
    assert type(value).__name__ in error.problems[0].message


@pytest.mark.parametrize("name", [1, None, b"count", ("a",), 1.5])
def test_names_that_are_no_strings(name):
    error = refusal({"ClusterId": "c1", "runtime": {name: 1}})
    assert isinstance(error, TypeError)
    assert [p.path for p in error.problems] == ["/runtime"]
    assert f"of type {type(name).__name__}, not str" in str(error)


def test_all_is_told_at_once_and_no_value_is_shown():
    error = refusal({"ClusterId": b"secret", "count": float("nan"), "a/b~c": {2: b"secret"}})
    assert [p.path for p in error.problems] == ["/ClusterId", "/count", "/a~1b~0c"]
    assert "secret" not in str(error) + repr(error.document)


def test_containers_inside_themselves():
    tags: list = []
    tags.append(tags)
    assert refusal({"ClusterId": "c1", "tags": tags}).problems[0].path == "/tags/0"
    request: dict = {"ClusterId": "c1"}
    request["runtime"] = {"name": request}
    error = refusal(request)
    assert (error.problems[0].path, error.problems[0].message) == ("/runtime/name", "contains itself")
    # The same object twice, side by side, is no circle.
    tag = {"key": "a", "value": "b"}
    assert problems(tags=[tag, tag]) == [("/tags/1/key", "duplicate_key")]


def test_depth_and_size_have_an_end():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert "levels deep" in str(refusal({"ClusterId": "c1", "tags": deep}))

    class Endless(collections.abc.Sequence):
        def __len__(self) -> int:
            return 1

        def __getitem__(self, index):
            return "x"

    laughs: list = ["ha"]
    for _ in range(50):
        laughs = [laughs, laughs]
    for value in (Endless(), laughs):
        with pytest.raises(cs_scale_out.ArgumentError):
            validate({"ClusterId": "c1", "tags": value})
    while deep:  # Python 3.9's destructor is not for such depths
        deep = deep.pop()


def test_what_a_value_raises_comes_out():
    class Odd(collections.abc.Mapping):
        def __getitem__(self, name):
            raise KeyError(name)

        def __iter__(self):
            raise ZeroDivisionError("of the mapping's own")

        def __len__(self) -> int:
            return 1

    class Bad:
        def __index__(self) -> int:
            raise ZeroDivisionError("of the index's own")

    with pytest.raises(ZeroDivisionError, match="mapping's own"):
        validate({"ClusterId": "c1", "runtime": Odd()})
    with pytest.raises(ZeroDivisionError, match="index's own"):
        validate({"ClusterId": "c1", "count": Bad()})


def test_a_dict_that_changes_while_it_is_read():
    request: dict = {"ClusterId": "c1"}

    class Growing(collections.abc.Mapping):
        def __getitem__(self, name):
            raise KeyError(name)

        def __iter__(self):
            request.update((str(i), i) for i in range(1000))
            return iter(())

        def __len__(self) -> int:
            return 0

    request["runtime"] = Growing()
    assert validate(request).ok


@pytest.mark.parametrize("target", [5, None, b"c1", ["c1"], ""])
def test_what_is_no_cluster_id(target):
    try:
        found = validate(target, key_pair="k").problems
    except InvalidRequest as error:
        found = error.problems
    assert [p.path for p in found] == ["/ClusterId"]
