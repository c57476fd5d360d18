"""Runs xlwings' own VBA wrapper generator with pywin32 stubbed, in a process of its own: it prints the wrappers."""

import io
import sys
from types import ModuleType
from typing import Any


class Anything:
    """Answers every call and every attribute that is no magic method."""

    def __init__(self, *_: object) -> None:
        pass

    def __call__(self, *_: object, **__: object) -> "Anything":
        return Anything()

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()


class AnyModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Exception if name == "com_error" else Anything()


class AddIn:
    Name = "klantwaarde.xlam"


for stubbed in ("pythoncom", "pywintypes", "win32com", "win32com.client", "win32com.server"):
    sys.modules[stubbed] = AnyModule(stubbed)

import xlwings  # noqa: E402
from xlwings import udfs as classic  # noqa: E402

xlwings.func, xlwings.arg, xlwings.ret = classic.xlfunc, classic.xlarg, classic.xlret

from klantwaarde_addin import udfs  # noqa: E402 - decorated with what was just put in place

written = io.StringIO()
classic.generate_vba_wrapper("klantwaarde_addin.udfs", udfs, written, AddIn)
for name in udfs.__all__:
    described = getattr(udfs, name).__xlfunc__
    written.write(
        f"'{name}|{described['category']}|{described['ret']['doc']}|{'|'.join(a['doc'] for a in described['args'])}\n"
    )
sys.stdout.buffer.write(written.getvalue().encode())
