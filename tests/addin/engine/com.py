"""The line between xlwings and the workbook: every call over it is counted, can fail, and can be refused as remote."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from xlwings import base_classes, main

LOCAL_NAMES = frozenset({"api", "app", "engine", "parent"})
COUNTED_MAGIC = frozenset({"__call__", "__len__", "__iter__", "__contains__"})


class ComError(Exception):
    """An error as pywin32 raises it: four arguments, of which ``excepinfo[2]`` is Excel's own sentence."""

    def __init__(self, sentence: str) -> None:
        self.hresult, self.strerror, self.argerror = -2147352567, "Exception occurred.", None
        self.excepinfo = (0, "Microsoft Excel", sentence, None, 0, -2146827284)
        super().__init__(self.hresult, self.strerror, self.excepinfo, self.argerror)


class Wire:
    """Counts calls by name (``Range.raw_value``, ``Range.raw_value =``), fails one on request, refuses what remote lacks."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.remote_like = False
        self.refused: frozenset[str] = frozenset()
        self._inside = False
        self._calls_until_failure = 0

    def fail_at(self, number: int) -> None:
        """Let the ``number``-th call from now raise; 0 takes the order back."""
        self._calls_until_failure = number

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """What a test does to the engine itself: not counted, never failed, never refused."""
        before, self._inside = self._inside, True
        try:
            yield
        finally:
            self._inside = before

    @contextmanager
    def call(self, name: str, times: int = 1) -> Iterator[None]:
        """One call from outside; what the engine itself does inside of it is not counted again."""
        if self._inside:
            yield
            return
        if self.remote_like and name in self.refused:
            raise NotImplementedError(f"{name} is not supported on the remote engine.")
        self.calls[name] += times
        if self._calls_until_failure:
            self._calls_until_failure -= 1
            if not self._calls_until_failure:
                raise ComError(f"The call {name} failed on request.")
        self._inside = True
        try:
            yield
        finally:
            self._inside = False


wire = Wire()


def _counted(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(function)
    def over_the_wire(*args: Any, **kwargs: Any) -> Any:
        with wire.call(name):
            return function(*args, **kwargs)

    return over_the_wire


def com_object(cls: type) -> type:
    """Make every member that xlwings may ask of an engine class a counted call. Returns the same class."""
    asked = {name for base in cls.__mro__ if base.__module__ == base_classes.__name__ for name in vars(base)}
    asked |= set(vars(getattr(main, cls.__name__)))
    for name, member in _own_members(cls).items():
        if name in LOCAL_NAMES or name not in (COUNTED_MAGIC if name.startswith("_") else asked):
            continue
        full = f"{cls.__name__}.{name}"
        if isinstance(member, property):
            getter = member.fget and _counted(member.fget, full)
            setter = member.fset and _counted(member.fset, f"{full} =")
            setattr(cls, name, property(getter, setter))
        else:
            setattr(cls, name, _counted(member, full))
    return cls


def _own_members(cls: type) -> dict[str, Any]:
    """The members that the engine itself defines, those of the class before those of its bases."""
    ours = [base for base in reversed(cls.__mro__) if base.__module__.startswith(__package__)]
    return {name: member for base in ours for name, member in vars(base).items()}
