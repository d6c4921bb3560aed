"""Values that do not change: what dataclasses would give, without the cost of importing them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        return lambda cls: cls


set_field = object.__setattr__
"""How a locked value gets its fields, once."""


class Locked:
    """What is set at construction stays."""

    __slots__: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")


@dataclass_transform(frozen_default=True)
class Frozen(Locked):
    """The fields are `__slots__`, in order; those in `_hidden` stay out of the repr."""

    __slots__: tuple[str, ...] = ()
    _hidden: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        setattr(cls, "__match_args__", cls.__slots__)  # noqa: B010 (to type checkers it is each class's own)

    if not TYPE_CHECKING:  # each subclass has the one that its annotations describe

        def __init__(self, *values, **named):
            names = self.__slots__
            named.update(zip(names, values))
            if len(values) > len(names) or named.keys() != set(names):
                raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
            for name in names:
                set_field(self, name, named[name])

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, Frozen):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._values()))

    def __repr__(self) -> str:
        shown = (name for name in self.__slots__ if name not in self._hidden)
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()
