"""The COM server behind the add-in in desktop Excel for Windows: three methods, and nothing else can be asked.

Excel starts it when a button or a function needs it and lets it go when it closes; with ``--resident`` it starts when the user
logs in, for computers where Office may start no other program. It opens no port, reads no file from beside a workbook
and runs only what :mod:`klantwaarde_addin.declare` and :mod:`klantwaarde_addin.commands` list.
"""

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import pythoncom
import pywintypes
import win32api
import win32com.client
import win32com.server.policy
import win32com.server.util
import win32event
import winerror

from klantwaarde import __version__
from klantwaarde.messages import label
from klantwaarde_addin.errors import BAD_INPUT
from klantwaarde_addin.journal import open_journal
from klantwaarde_addin.pins import pinned
from klantwaarde_addin.registration import CLSID, PROGID
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.userfile import language, scratch

STOP_EVENT: Final = r"Local\Klantwaarde.Engine.Stop"
RESIDENT_MUTEX: Final = r"Local\Klantwaarde.Engine.Resident"
FIRST_CALL_WITHIN: Final = 60_000  # milliseconds; a server that nobody asks for ends itself
_LOG: Final = logging.getLogger("klantwaarde")


class Engine:
    """What Excel can ask. Answers are lists, because COM would take a tuple apart."""

    _public_methods_: Final = ("Call", "Run", "Version")
    _reg_progid_: Final = PROGID
    _reg_clsid_: Final = CLSID

    def Call(self, name: object, args: Sequence[object] | None, date1904: object) -> list[object]:  # noqa: N802 - as VBA writes it
        """A declared function: ``[0, value]``, or the number of an Excel error and the sentence that explains it."""
        try:
            from klantwaarde_addin.call import call_from_excel  # Version answers before pandas is loaded

            code, value = call_from_excel(str(name), list(args or ()), bool(date1904), language=language())
        except Exception:  # noqa: BLE001 - Excel gets a sentence, the log the place
            return [BAD_INPUT, _unexpected("function")]
        return [code, value]

    def Run(self, command: object, workbook: Any, application: object) -> list[str]:  # noqa: N802, ARG002 - as VBA calls it
        """A command of the ribbon: kind, text, template to open and page to open."""
        try:
            reply = _run(str(command), workbook)
        except Exception:  # noqa: BLE001 - Excel gets a sentence, the log the place
            reply = Reply(_unexpected("command"), "problem")
        return [reply.kind, reply.text, str(reply.open_template or ""), str(reply.open_page or "")]

    def Version(self) -> str:  # noqa: N802 - as VBA writes it
        """The version of the package, which must be that of the add-in file."""
        return __version__


def _run(command: str, workbook: Any) -> Reply:
    import xlwings  # only commands need it

    from klantwaarde_addin.run import context_of, run_command

    if xlwings.__version__ != pinned("xlwings"):  # its Windows engine wraps the workbook that Excel hands over
        return Reply(
            label("engine_xlwings", language(), found=xlwings.__version__, needed=pinned("xlwings")), "problem"
        )
    book = None
    if workbook is not None:
        windows_engine = import_module("xlwings._xlwindows")
        book = xlwings.Book(impl=windows_engine.Book(win32com.client.Dispatch(workbook)))
    return run_command(command, book, context_of(book, language(), scratch()))


def _unexpected(what: str) -> str:
    """Log where an exception came from; returns the sentence for the user."""
    _LOG.exception("unexpected in %s", what)
    return label("engine_bug", language())


def create_instance(clsid: Any, iid: Any) -> Any:
    """What COM asks the process for. pywin32's own version lets the registry name a class and a folder to import from."""
    if clsid != pywintypes.IID(CLSID):
        raise pythoncom.com_error(winerror.CLASS_E_CLASSNOTAVAILABLE, "", None, None)
    _Lifetime.is_asked = True
    return win32com.server.util.wrap(Engine(), iid)


class _Lifetime:
    """Whether Excel has asked for the engine since the process started."""

    is_asked = False


def serve(*, resident: bool) -> None:
    """Answer Excel until it lets go, or until someone asks the server to stop.

    Args:
        resident: Stay until the user logs off.
    """
    win32com.server.policy.CreateInstance = create_instance  # type: ignore[assignment]
    stop = win32event.CreateEvent(None, True, False, STOP_EVENT)
    clsid = pywintypes.IID(CLSID)
    flags = pythoncom.REGCLS_MULTIPLEUSE | pythoncom.REGCLS_SUSPENDED
    factory: Any = pythoncom.MakePyFactory(clsid)
    registered = pythoncom.CoRegisterClassObject(clsid, factory, pythoncom.CLSCTX_LOCAL_SERVER, flags)
    if not resident:
        pythoncom.EnableQuitMessage(win32api.GetCurrentThreadId())
    pythoncom.CoResumeClassObjects()
    _LOG.info("engine %s started%s", __version__, ", resident" if resident else "")
    _pump(stop, win32event.INFINITE if resident else FIRST_CALL_WITHIN)
    pythoncom.CoRevokeClassObject(registered)
    pythoncom.CoUninitialize()
    _LOG.info("engine stopped")


def _pump(stop: Any, first_call_within: int) -> None:
    """Handle Windows' messages until one says quit, the event is set, or nobody asks in time."""
    while True:
        patience = win32event.INFINITE if _Lifetime.is_asked else first_call_within
        woken = win32event.MsgWaitForMultipleObjects((stop,), False, patience, win32event.QS_ALLEVENTS)
        if woken == win32event.WAIT_OBJECT_0 or (woken == win32event.WAIT_TIMEOUT and not _Lifetime.is_asked):
            return
        if pythoncom.PumpWaitingMessages():
            return


def stop_servers() -> None:
    """Ask every running server of this user to end, before its files are replaced or removed."""
    try:
        event = win32event.OpenEvent(win32event.EVENT_MODIFY_STATE, False, STOP_EVENT)
    except pywintypes.error:
        return  # nobody waits for it
    win32event.SetEvent(event)


def main(arguments: Sequence[str]) -> int:
    """Serve, unless a resident server is already there; COM itself adds ``-Embedding``."""
    if "--stop" in arguments:
        stop_servers()
        return 0
    resident = "--resident" in arguments
    if resident:
        mutex = win32event.CreateMutex(pywintypes.SECURITY_ATTRIBUTES(), False, RESIDENT_MUTEX)
        if win32api.GetLastError() == winerror.ERROR_ALREADY_EXISTS:
            return 0
        _LOG.debug("resident as %s", mutex)
    open_journal()
    serve(resident=resident)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
