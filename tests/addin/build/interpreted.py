"""The add-in's own VBA, unchanged, run by an interpreter of VBA with Python in the place of Excel's edges and of the engine."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, member
from pyopenvba.interpreter._values import EMPTY, MISSING, NOTHING, VBAArray, VBAErrorValue

from klantwaarde_addin.build.vba_project import Module

__all__ = [
    "DEAD",
    "EMPTY",
    "NOTHING",
    "NOT_REGISTERED",
    "Control",
    "Edges",
    "Engine",
    "Excel",
    "MemberSpec",
    "array",
    "rows",
    "table",
]

NOT_REGISTERED = VBARuntimeError(429, "ActiveX component can't create object")
PROCEDURE_ATTRIBUTE = re.compile(
    r"^Attribute \w+\.\w+ = .*\n", re.MULTILINE
)  # hidden by the editor, unknown to the interpreter
DEAD = VBARuntimeError(462, "The remote server machine does not exist or is unavailable")


def array(*items: object) -> VBAArray:
    return VBAArray([(0, len(items) - 1)], items=list(items))


def table(value: Sequence[Sequence[object]]) -> VBAArray:
    """Rows as COM hands them to VBA."""
    height, width = len(value), len(value[0])
    return VBAArray([(0, height - 1), (0, width - 1)], items=[row[column] for column in range(width) for row in value])


def rows(value: object) -> object:
    """What VBA handed over, as Python values."""
    if not isinstance(value, VBAArray):
        return None if value is EMPTY else value
    if value.dimensions == 1:
        return [rows(item) for item in value.items]
    height, width = (upper - lower + 1 for lower, upper in value.bounds)
    return [[rows(value.items[row + column * height]) for column in range(width)] for row in range(height)]


class Engine(VBAObject):
    """Stands for the COM server: answers what a test tells it to, and remembers what it was asked."""

    def __init__(self, version: str, answers: Iterable[object], replies: Iterable[object]) -> None:
        self.version = version
        self.answers = list(answers)
        self.replies = list(replies)
        self.asked: list[tuple[str, object, bool]] = []
        self.ran: list[tuple[str, object]] = []
        self.is_dead = False

    @member(name="Version")
    def answer_version(self) -> object:
        return self._next(self.version)

    @member(name="Call")
    def answer_call(self, name: object, given: object, is1904: object) -> object:
        self.asked.append((str(name), rows(given), bool(is1904)))
        return self._next(self.answers.pop(0))

    @member(name="Run")
    def answer_run(self, command: object, book: object, application: object) -> object:
        assert isinstance(application, Application)
        self.ran.append((str(command), book))
        return self._next(self.replies.pop(0))

    def _next(self, outcome: object) -> object:
        if self.is_dead:
            raise DEAD
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Control(VBAObject):
    """A ribbon button that was pressed."""

    def __init__(self, name: str) -> None:
        self.name = name

    @member(name="ID")
    def answer_id(self) -> object:
        return self.name


@dataclass
class Edges:
    """What the interpreter's Excel does not know, recorded."""

    caller: object = EMPTY
    is1904: bool = False
    on_time: list[tuple[object, str, bool]] = field(default_factory=list)
    on_undo: list[tuple[str, str]] = field(default_factory=list)
    help: list[dict[str, object]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


EDGES: dict[int, Edges] = {}  # by application


def _on_time(
    app: Application, earliesttime: object, procedure: object, latesttime: object = MISSING, schedule: object = MISSING
) -> object:
    EDGES[id(app)].on_time.append((earliesttime, str(procedure), schedule is MISSING))
    return EMPTY


def _on_undo(app: Application, text: object, procedure: object) -> object:
    EDGES[id(app)].on_undo.append((str(text), str(procedure)))
    return EMPTY


def _macro_options(
    app: Application, macro: object, description: object, category: object, argumentdescriptions: object
) -> object:
    if "KW_GINI" in str(macro):
        raise VBARuntimeError(1004, "one that Excel refuses")
    EDGES[id(app)].help.append(
        {"macro": macro, "description": description, "category": category, "arguments": rows(argumentdescriptions)}
    )
    return EMPTY


def _follow(book: Workbook, address: object) -> object:
    EDGES[id(book.application)].pages.append(str(address))
    return EMPTY


Application.vba_add_member(MemberSpec("Caller", "property", lambda app: EDGES[id(app)].caller))
Application.vba_add_member(
    MemberSpec("OnTime", "method", _on_time, parameters=("earliesttime", "procedure", "latesttime", "schedule"))
)
Application.vba_add_member(MemberSpec("OnUndo", "method", _on_undo, parameters=("text", "procedure")))
Application.vba_add_member(
    MemberSpec(
        "MacroOptions",
        "method",
        _macro_options,
        parameters=("macro", "description", "category", "argumentdescriptions"),
    )
)
Workbook.vba_add_member(MemberSpec("Date1904", "property", lambda book: EDGES[id(book.application)].is1904))
Workbook.vba_add_member(MemberSpec("FollowHyperlink", "method", _follow, parameters=("address",)))


class Excel:
    """An Excel in memory with the add-in's modules, one workbook, and engines to be found one after another."""

    def __init__(self, modules: Iterable[Module], *engines: Engine | Exception) -> None:
        self.app = ExcelApplication()
        self.book = self.app.add_workbook()
        self.edges = EDGES[id(self.app.application)] = Edges()
        self.engines = list(engines)
        self.app.interpreter.host.create = self._create  # type: ignore[method-assign]
        for module in modules:
            if module.kind != "document":
                self.app.add_module(PROCEDURE_ATTRIBUTE.sub("", module.source), name=module.name)

    def _create(self, name: str) -> object:
        assert name == "Klantwaarde.Engine"
        found = self.engines.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def range(self, address: str) -> Any:
        return self.app.sheet(1).sheet.vba_get("Range", [address])

    def fill(self, address: str, value: object) -> None:
        self.app.sheet(1).set_value(address, value)

    def call(self, function: str, *given: object) -> object:
        result = self.app.run(function, *given)
        return str(result) if isinstance(result, VBAErrorValue) else result

    def press(self, command: str) -> None:
        self.app.run("KwPress", Control(command))
