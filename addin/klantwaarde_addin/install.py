r"""Installing the add-in for one user, without administrator rights, and removing it without a trace.

What is written: three keys under ``HKCU\Software\Classes``, ``klantwaarde.xlam`` in Excel's XLSTART folder and a settings
file; with ``resident`` one value that starts the engine at log-on. Nothing else is touched.
"""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from klantwaarde.messages import Fault, InputError, WriteError
from klantwaarde_addin.machine import Machine, mark_of_the_web
from klantwaarde_addin.registration import OWN_KEYS, START_KEY, START_NAME, registry_values, server_command
from klantwaarde_addin.userfile import purge, read_settings, settings_text


def install(machine: Machine, language: str, *, resident: bool = False) -> None:
    """Install or repair; doing it twice changes nothing more.

    Args:
        machine: Where to install.
        language: Of the ribbon and of messages.
        resident: Start the engine at log-on instead of from Excel.

    Raises:
        InputError: this computer has no desktop Excel for Windows (KW-AD-010), or the package has no add-in file (KW-AD-011).
        WriteError: Excel holds the add-in (KW-AD-012), or something cannot be written (KW-AD-013). A first installation
            that fails leaves nothing behind.
    """
    _refuse_other_systems(machine)
    shipped = machine.shipped_addin(language)
    if not shipped.is_file():
        raise InputError([Fault("KW-AD-011", found=shipped.name)])
    is_first = machine.registry.read(OWN_KEYS[0]) is None
    try:
        _writing(machine.addin, lambda: _put(machine.addin, shipped.read_bytes()), denied="KW-AD-012")
        _writing(OWN_KEYS[0], lambda: _register(machine, resident=resident))
        _writing(machine.settings_file, lambda: _remember_language(machine, language))
    except WriteError:
        if is_first:
            with suppress(WriteError):
                uninstall(machine, keep_log=True)
        raise


def uninstall(machine: Machine, *, keep_log: bool = False) -> None:
    """Remove everything that :func:`install` wrote and the engine logged; what is not there is no fault.

    Raises:
        WriteError: Excel holds the add-in (KW-AD-012); nothing was removed.
    """
    _refuse_other_systems(machine)
    _writing(machine.addin, lambda: machine.addin.unlink(missing_ok=True), denied="KW-AD-012")
    _writing(OWN_KEYS[0], lambda: _unregister(machine))
    _writing(machine.home, lambda: purge(machine.home, keep_log=keep_log))


def _refuse_other_systems(machine: Machine) -> None:
    if not machine.is_windows:
        raise InputError([Fault("KW-AD-010")])


def _register(machine: Machine, *, resident: bool) -> None:
    for key, value in registry_values(machine.interpreter).items():
        machine.registry.write(key, "", value)
    if resident:
        machine.registry.write(START_KEY, START_NAME, server_command(machine.interpreter, resident=True))
    else:
        machine.registry.remove_value(START_KEY, START_NAME)


def _remember_language(machine: Machine, language: str) -> None:
    """Messages speak the language of the ribbon. A settings file with a fault stays, for the doctor to report."""
    with suppress(InputError):
        chosen = replace(read_settings(machine.settings_file), language=language)
        _put(machine.settings_file, settings_text(chosen).encode())


def _unregister(machine: Machine) -> None:
    for key in OWN_KEYS:
        machine.registry.remove_tree(key)
    machine.registry.remove_value(START_KEY, START_NAME)


def _writing(what: Path | str, action: Callable[[], None], *, denied: str = "KW-AD-013") -> None:
    """Do one thing; a refusal of Windows becomes a sentence."""
    try:
        action()
    except OSError as error:
        code = denied if isinstance(error, PermissionError) else "KW-AD-013"
        raise WriteError([Fault(code, found=what, values={"reason": error.strerror or str(error)})]) from error


def _put(target: Path, content: bytes) -> None:
    """The old or the new file, whole, whatever happens; a new file has no mark of the web."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".klantwaarde-", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    with suppress(OSError):  # a disk without streams has no marks
        mark_of_the_web(target).unlink()
