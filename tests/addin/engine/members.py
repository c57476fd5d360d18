"""A collection of named things: by position from 1, or by name whatever the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Member = TypeVar("Member")


class Members(Generic[Member]):
    """What Excel's collections share; a missing member is a KeyError, as xlwings makes of it."""

    def _members(self) -> list[Member]:
        raise NotImplementedError

    @staticmethod
    def _name_of(member: Any) -> str:
        return member.name

    @property
    def api(self) -> None:
        return None

    def __len__(self) -> int:
        return len(self._members())

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members())

    def __contains__(self, key: object) -> bool:
        return self._find(key) is not None

    def __call__(self, key: int | str) -> Member:
        found = self._find(key)
        if found is None:
            raise KeyError(key)
        return found

    def _find(self, key: object) -> Member | None:
        members = self._members()
        if isinstance(key, int):
            return members[key - 1] if 1 <= key <= len(members) else None
        return next((member for member in members if self._name_of(member).casefold() == str(key).casefold()), None)
