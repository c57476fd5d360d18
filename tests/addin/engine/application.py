"""The engine and its one application."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from xlwings import base_classes, utils

from addin.engine.books import Books
from addin.engine.com import ComError, com_object, wire
from addin.engine.ranges import Range
from addin.engine.references import resolve
from addin.engine.remote_rules import REFUSED
from addin.engine.snapshot import Snapshot
from addin.engine.values import ERROR_TEXTS, ISO_MOMENT, SEVEN_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from addin.engine.typed import Language

ANSWERS = {"ok": "ok", "ok_cancel": "ok", "yes_no": "yes", "yes_no_cancel": "yes"}


class Engine:
    """What tests hold: counts, failures, the language of Excel, and the rules that count (desktop or remote).

    Attributes:
        language: Of the Excel that is imitated: how texts are read and what new things are called.
        tables_grow: Whether a table grows over what is written right below or beside it (AutoCorrect, on in most Excels).
        answers: What the next message boxes answer; the affirmative button when empty.
    """

    def __init__(self) -> None:
        self.language: Language = "nl"
        self.tables_grow = True
        self.answers: deque[str] = deque()
        self.apps = Apps(self)

    @property
    def name(self) -> str:
        return "remote" if wire.remote_like else "excel"

    @property
    def type(self) -> str:
        return "remote" if wire.remote_like else "desktop"

    @property
    def calls(self) -> Counter[str]:
        return wire.calls

    def fail_at(self, number: int) -> None:
        """Let the ``number``-th call from now raise a ComError; 0 takes the order back."""
        wire.fail_at(number)

    @property
    def remote_like(self) -> bool:
        return wire.remote_like

    @remote_like.setter
    def remote_like(self, value: bool) -> None:
        """Follow the rules of the remote engine from here: its refusals, and reads from the books as they are now."""
        wire.remote_like, wire.refused = value, REFUSED
        for app in self.apps:
            for book in app._books._open:
                book.snapshot = Snapshot(book)

    @property
    def alerts(self) -> list[Alert]:
        return self.apps[1]._alerts

    @property
    def status_texts(self) -> list[str]:
        return self.apps[1]._status_texts

    def reset(self) -> None:
        """Forget every book, count, order and recorded message."""
        wire.calls.clear()
        wire.fail_at(0)
        wire.remote_like = False
        self.language = "nl"
        self.tables_grow = True
        self.answers.clear()
        self.apps = Apps(self)

    @staticmethod
    def clean_value_data(
        data: list[list[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Any,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """Raw values as ``Range.value`` shows them: newer errors stay numbers on the desktop, as xlwings leaves them."""

        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, str) and ISO_MOMENT.fullmatch(value) and wire.remote_like:
                value = dt.datetime.fromisoformat(value[:-1])
            if isinstance(value, dt.datetime):
                parts = ("month", "day", "year", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
            if isinstance(value, float) and number_builder is not None:
                return number_builder(value)
            text = ERROR_TEXTS.get(value) if isinstance(value, int) and not isinstance(value, bool) else value
            if text in SEVEN_ERRORS:
                return text if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        """Python values as xlwings hands them to COM."""
        if isinstance(value, np.datetime64):
            value = utils.np_datetime_to_datetime(value)
        if (
            value is None
            or value is pd.NaT
            or (isinstance(value, float | np.floating) and np.isnan(value))
            or value is pd.NA
        ):
            return ""
        if isinstance(value, pd.Timestamp):
            value = value.to_pydatetime()
        if isinstance(value, dt.date):
            return _moment_for_excel(value)
        return float(value) if isinstance(value, np.number) else value


def _moment_for_excel(value: dt.date) -> dt.datetime | str:
    """A zoned moment for COM; a text that Excel reads as a date for the web client."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    if not wire.remote_like:
        return moment.replace(tzinfo=dt.UTC)
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.replace(tzinfo=None, microsecond=0).isoformat(sep=" ")


@dataclass(frozen=True, slots=True)
class Alert:
    """One message box."""

    prompt: str
    title: str | None
    buttons: str
    mode: str | None


def _setting(name: str) -> property:
    def get(app: App) -> bool:
        return app._settings[name]

    def put(app: App, value: bool) -> None:
        app._settings[name] = value

    return property(get, put)


class Apps(base_classes.Apps):
    """The one application, made when first asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._apps = [App(engine)]

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def add(self, **options: Any) -> App:
        return self._apps[0]

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return self._apps[0]


@com_object
class App(base_classes.App):
    """Excel itself: its settings, its messages and its open books."""

    screen_updating, display_alerts = _setting("screen_updating"), _setting("display_alerts")
    enable_events, interactive = _setting("enable_events"), _setting("interactive")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._books = Books(self)
        self._settings = {"screen_updating": True, "display_alerts": True, "enable_events": True, "interactive": True}
        self._calculation = "automatic"
        self._status: str | bool = False
        self._alerts: list[Alert] = []
        self._status_texts: list[str] = []

    @property
    def pid(self) -> int:
        return 1

    @property
    def version(self) -> str:
        return "16.0"

    @property
    def books(self) -> Books:
        return self._books

    @property
    def visible(self) -> bool:
        return True

    @visible.setter
    def visible(self, value: bool) -> None:
        if not value:
            raise NotImplementedError("The engine's Excel is always visible.")

    def activate(self, steal_focus: bool = False) -> None:
        """There is one application, and it is in front."""

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        """A text, or False to give the bar back to Excel."""
        self._status = value
        if isinstance(value, str):
            self._status_texts.append(value)

    @property
    def calculation(self) -> str:
        if not self._books._open:
            raise ComError("Unable to get the Calculation property of the Application class")
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if not self._books._open or value not in ("automatic", "manual", "semiautomatic"):
            raise ComError("Unable to set the Calculation property of the Application class")
        self._calculation = value

    def calculate(self) -> None:
        """Nothing: the engine does not compute; ``recalculate`` lets LibreOffice do it."""

    @property
    def selection(self) -> Range | None:
        book = self._books._front
        if book is None:
            return None
        sheet = book.workbook.active
        found = resolve(book.workbook, sheet, sheet.sheet_view.selection[0].sqref.split()[0])
        return Range(book.sheet_impl(sheet), found[1]) if found else None

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: str | None) -> str | None:
        """Record the message; on the desktop it answers, the remote engine only queues it."""
        self._alerts.append(Alert(prompt, title, buttons, mode))
        if wire.remote_like:
            return None
        return self.engine.answers.popleft() if self.engine.answers else ANSWERS[buttons or "ok"]
