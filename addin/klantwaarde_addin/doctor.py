"""Examining an installation: every known reason why the add-in does not work, each with a verdict, a sentence and advice.

A check looks at a :class:`klantwaarde_addin.machine.Machine` and says which case it found; the sentences stand in the
message catalogue under ``doctor_<check>_<case>``, the advice under the same key with ``_advice``.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import Final, Literal

from klantwaarde.messages import LANGUAGES, InputError, KlantwaardeError, catalogue, label
from klantwaarde_addin.machine import Machine, mark_of_the_web, this_machine
from klantwaarde_addin.pins import pinned
from klantwaarde_addin.registration import SERVER_KEYS, START_KEY, START_NAME, registered_interpreter
from klantwaarde_addin.userfile import LOG_NAME, read_settings

Verdict = Literal["ok", "warn", "problem", "unknown"]

APP_PATH: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
LAYERS: Final = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Layers"
OFFICE: Final = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY: Final = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
ASR_RULE: Final = (
    "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"  # "block all Office applications from creating child processes"
)
ASR_KEYS: Final = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
SLOW_START: Final = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Case:
    """What a check found.

    Attributes:
        verdict: How bad it is.
        name: Of the case; its sentence stands in the catalogue.
        values: That the sentence names.
    """

    verdict: Verdict
    name: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report, in one language; ``advice`` is empty when nothing need be done."""

    id: str
    verdict: Verdict
    sentence: str
    advice: str

    def as_dict(self) -> dict[str, str]:
        """For ``--json``."""
        return {"id": self.id, "verdict": self.verdict, "sentence": self.sentence, "advice": self.advice}

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence, self.advice) if part)


def examine(machine: Machine, language: str, *, without: Collection[str] = ()) -> list[Finding]:
    """Run every check but those in ``without``, in the order in which a person would solve what they find."""
    if not machine.is_windows:
        return [_finding("system", Case("problem", "other"), language)]
    return [_finding(name, check(machine), language) for name, check in CHECKS.items() if name not in without]


def is_healthy(findings: list[Finding]) -> bool:
    """Whether nothing stands in the way."""
    return all(finding.verdict != "problem" for finding in findings)


def report_text(language: str) -> str:
    """The report for the button on the ribbon. The engine that answers is its own proof that it starts."""
    return findings_text(examine(this_machine(), language, without=("start",)), language)


def findings_text(findings: list[Finding], language: str) -> str:
    """A report as a person reads it: what is wrong first, then the rest."""
    order: tuple[Verdict, ...] = ("problem", "warn", "unknown", "ok")
    signs = {verdict: label(f"doctor_{verdict}", language) for verdict in order}
    return "\n".join(
        f"{signs[finding.verdict]}: {finding}"
        for verdict in order
        for finding in findings
        if finding.verdict == verdict
    )


def _finding(check: str, case: Case, language: str) -> Finding:
    key = f"doctor_{check}_{case.name}"
    values = {name: _worded(value, language) for name, value in case.values.items()}
    advice = label(f"{key}_advice", language, **values) if f"{key}_advice" in catalogue(language) else ""
    return Finding(check, case.verdict, label(key, language, **values), advice)


def _worded(value: object, language: str) -> object:
    """Faults in the language of the report; anything else as it is."""
    if isinstance(value, KlantwaardeError):
        return " ".join(str(fault.speaking(language)) for fault in value.faults)
    return value


def check_excel(machine: Machine) -> Case:
    """Desktop Excel must be there; the edition from the Store keeps a registry of its own."""
    path = _excel_path(machine)
    if path is None:
        return Case("problem", "missing")
    if "windowsapps" in path.lower():
        return Case("problem", "store", {"path": path})
    return Case("ok", "found", {"path": path})


def check_elevation(machine: Machine) -> Case:
    """A program with administrator rights does not see what one user registered."""
    path = _excel_path(machine)
    layers = [str(machine.registry.read(rf"{hive}\{LAYERS}", path) or "") for hive in ("HKCU", "HKLM")] if path else []
    if any("RUNASADMIN" in layer for layer in layers):
        return Case("problem", "excel")
    return Case("warn", "self") if machine.is_elevated else Case("ok", "none")


def check_registration(machine: Machine) -> Case:
    """COM must point to an interpreter that exists, and to the one of this installation."""
    commands = [machine.registry.read(key) for key in SERVER_KEYS]
    if any(command is None for command in commands):
        return Case("problem", "missing")
    interpreters = {registered_interpreter(str(command)) for command in commands}
    interpreter = next(iter(interpreters))
    if len(interpreters) > 1 or interpreter is None or interpreter.drive.startswith("\\\\"):
        return Case("problem", "foreign", {"command": commands[0]})
    if interpreter != PureWindowsPath(machine.interpreter):
        return Case("problem", "elsewhere", {"found": interpreter, "expected": machine.interpreter})
    if not machine.interpreter.is_file():
        return Case("problem", "gone", {"found": interpreter})
    return Case("ok", "right", {"found": interpreter})


def check_packages(machine: Machine) -> Case:
    """The add-in uses xlwings' object model as it is in exactly one version."""
    found, needed = machine.versions.get("xlwings", "-"), pinned("xlwings")
    if found != needed:
        return Case("problem", "xlwings", {"found": found, "needed": needed})
    if "pywin32" not in machine.versions:
        return Case("problem", "pywin32")
    return Case("ok", "right", {"klantwaarde": machine.versions.get("klantwaarde", "-"), "xlwings": found})


def check_addin(machine: Machine) -> Case:
    """The file that Excel opens must be the one of this package."""
    if not machine.addin.is_file():
        return Case("problem", "missing", {"path": machine.addin})
    shipped = {language: machine.shipped_addin(language) for language in LANGUAGES}
    hashes = {_hash(path.read_bytes()): language for language, path in shipped.items() if path.is_file()}
    found = _hash(machine.addin.read_bytes())
    if found not in hashes:
        return Case("problem", "differs", {"path": machine.addin})
    return Case("ok", "right", {"path": machine.addin, "chosen": hashes[found], "sha256": found})


def check_copies(machine: Machine) -> Case:
    """Two add-ins with the same functions: Excel takes either."""
    folders = (machine.xlstart, machine.roaming / "Microsoft" / "AddIns")
    found = [
        path
        for folder in folders
        for path in sorted(folder.glob("*lantwaarde*.xla*"))
        if path != machine.addin and path.name[0] != "~"
    ]
    return Case("warn", "found", {"paths": ", ".join(map(str, found))}) if found else Case("ok", "none")


def check_mark(machine: Machine) -> Case:
    """Excel runs no macros of an add-in that is marked as coming from the internet, signed or not."""
    try:
        marked = mark_of_the_web(machine.addin).is_file()
    except OSError:
        return Case("unknown", "unreadable")
    return Case("problem", "marked", {"path": machine.addin}) if marked else Case("ok", "none")


def check_policy(machine: Machine) -> Case:
    """What the company allows: policies first, then what the user chose."""
    for place in (rf"HKLM\{POLICY}", rf"HKCU\{POLICY}", rf"HKCU\{OFFICE}"):
        if machine.registry.read(place, "DisableAllAddins") == 1:
            return Case("problem", "addins", {"place": place})
        if machine.registry.read(place, "RequireAddinSig") == 1:
            return Case("warn", "signed", {"place": place})
        if machine.registry.read(rf"{place}\Trusted Locations", "AllLocationsDisabled") == 1:
            return _without_trusted_folder(machine, place)
    return Case("ok", "open")


def _without_trusted_folder(machine: Machine, place: str) -> Case:
    """XLSTART is not trusted here, so the rule for macros decides: 4 none at all, 3 only signed, 2 after a question, 1 all."""
    rule = machine.registry.read(place, "VBAWarnings")
    if rule == 4:
        return Case("problem", "macros", {"place": place})
    return Case("warn", "signed", {"place": place}) if rule == 3 else Case("warn", "untrusted", {"place": place})


def check_internet(machine: Machine) -> Case:
    """The policy that blocks macros in files from the internet: no harm, because installing takes the mark away."""
    blocked = [
        machine.registry.read(rf"{hive}\{POLICY}", "blockcontentexecutionfrominternet") for hive in ("HKLM", "HKCU")
    ]
    return Case("ok", "blocked" if 1 in blocked else "open")


def check_child_processes(machine: Machine) -> Case:
    """Defender's rule against programs that Office starts. COM starts the engine, not Excel; resident mode needs neither."""
    states = [
        state
        for key in ASR_KEYS
        for name in (ASR_RULE, ASR_RULE.lower())
        if (state := machine.registry.read(key, name)) is not None
    ]
    if not states:
        return Case("unknown", "unreadable")
    if str(states[0]) != "1":
        return Case("ok", "off")
    resident = machine.registry.read(START_KEY, START_NAME) is not None
    return Case("ok", "resident") if resident else Case("warn", "on")


def check_user_name(machine: Machine) -> Case:
    """Letters outside plain ASCII in the path of the interpreter."""
    return Case("ok", "plain") if machine.user.isascii() else Case("warn", "letters", {"user": machine.user})


def check_start(machine: Machine) -> Case:
    """Start the engine as Excel does, and ask its version."""
    begun = time.monotonic()
    try:
        version = machine.start_engine()
    except Exception as error:  # noqa: BLE001 - COM has its own kinds of error
        return Case("problem", "failed", {"reason": _reason(error)})
    seconds = time.monotonic() - begun
    needed = machine.versions.get("klantwaarde", "-")
    if version != needed:
        return Case("problem", "version", {"found": version, "needed": needed})
    return Case(
        "warn" if seconds > SLOW_START else "ok",
        "slow" if seconds > SLOW_START else "right",
        {"seconds": f"{seconds:.1f}"},
    )


def _reason(error: Exception) -> str:
    """The number of a COM error, which a search engine knows, or the text of another error."""
    code = error.args[0] if error.args else None
    return f"0x{code & 0xFFFFFFFF:08X}" if isinstance(code, int) else str(error) or type(error).__name__


def check_settings(machine: Machine) -> Case:
    """The settings file of the user."""
    try:
        chosen = read_settings(machine.settings_file)
    except InputError as error:
        return Case("problem", "fault", {"faults": error})
    return Case("ok", "right", {"path": machine.settings_file, "chosen": chosen.language})


def check_log(machine: Machine) -> Case:
    """Where the log is."""
    return Case("ok", "place", {"path": machine.home / LOG_NAME})


def _excel_path(machine: Machine) -> str | None:
    found = (machine.registry.read(rf"{hive}\{APP_PATH}") for hive in ("HKCU", "HKLM"))
    return next((path.strip('"') for path in found if isinstance(path, str) and path), None)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


CHECKS: Final[Mapping[str, Callable[[Machine], Case]]] = {
    "excel": check_excel, "elevation": check_elevation, "registration": check_registration, "packages": check_packages,
    "addin": check_addin, "copies": check_copies, "mark": check_mark, "policy": check_policy, "internet": check_internet,
    "child_processes": check_child_processes, "user_name": check_user_name, "start": check_start, "settings": check_settings,
    "log": check_log,
}  # fmt: skip
