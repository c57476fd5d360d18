"""The server does not start in a way that lets strangers in."""

import logging
import os
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from klantwaarde.messages import InputError
from klantwaarde_addin.serve import FIXED, Start, prepare, project_folder, refusals
from klantwaarde_addin.server_application import limits_of, without_values


@dataclass
class Chosen:
    auth_providers: list[str] | None = field(default_factory=lambda: ["entraid"])
    cors_allow_origins: list[str] = field(default_factory=list)
    hostname: str | None = "klantwaarde.example"
    license_key: str | None = "noncommercial"


NOBODY = {"auth_providers": None, "hostname": None}


@pytest.mark.parametrize(
    ("start", "chosen", "codes"),
    [
        (Start(), {}, []),
        (Start(dev=True), NOBODY, []),
        (Start(dev=True, host="localhost"), NOBODY, []),
        (Start(dev=True, host="::1"), NOBODY, []),
        (Start(host="0.0.0.0"), {}, []),
        (Start(dev=True, host="0.0.0.0"), NOBODY, ["KW-HO-002"]),
        (Start(dev=True, host="192.168.1.4"), {}, ["KW-HO-002"]),
        (Start(), {"auth_providers": None}, ["KW-HO-001"]),
        (Start(), {"auth_providers": []}, ["KW-HO-001"]),
        (Start(), {"auth_providers": ["custom"]}, ["KW-HO-005"]),
        (Start(dev=True), {"auth_providers": ["entraid", "custom"]}, ["KW-HO-005"]),
        (Start(), {"license_key": ""}, ["KW-HO-003"]),
        (Start(), {"cors_allow_origins": ["*"]}, ["KW-HO-004"]),
        (Start(), {"cors_allow_origins": ["https://ok.example", "https://*.example"]}, ["KW-HO-004"]),
        (Start(), {"hostname": ""}, ["KW-HO-007"]),
        (
            Start(),
            {"auth_providers": None, "hostname": None, "license_key": None},
            ["KW-HO-003", "KW-HO-001", "KW-HO-007"],
        ),
    ],
)
def test_what_stops_the_start(start: Start, chosen: dict[str, object], codes: list[str]):
    for language in ("nl", "en"):
        faults = refusals(start, Chosen(**chosen), language=language)
        assert [fault.code for fault in faults] == codes
        assert all("{" not in str(fault) for fault in faults)


def test_without_sign_in_the_process_ends_with_the_reason(tmp_path):
    code = (
        "from klantwaarde.messages import InputError\nfrom klantwaarde_addin.serve import Start, serve\n"
        "try:\n    serve(Start())\nexcept InputError as error:\n    print([fault.code for fault in error.faults])"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.strip() == "['KW-HO-003', 'KW-HO-001', 'KW-HO-007']"


def test_a_weaker_setting_in_the_environment_does_not_count(tmp_path):
    code = (
        "from klantwaarde_addin.serve import Start, prepare\nprepare(Start(dev=True))\n"
        "from xlwings_server.config import settings\n"
        "print(settings.environment, settings.log_level, settings.enable_examples, settings.functions_namespace)"
    )
    weaker = {
        "XLWINGS_ENVIRONMENT": "dev",
        "XLWINGS_LOG_LEVEL": "DEBUG",
        "XLWINGS_ENABLE_EXAMPLES": "true",
        "XLWINGS_LICENSE_KEY": "any",
    }
    environment = os.environ | weaker
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.strip() == "prod WARNING False KW"


def test_xlwings_must_not_be_there_before_its_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "xlwings", object())
    monkeypatch.delenv("XLWINGS_ON_SERVER", raising=False)
    with pytest.raises(RuntimeError, match="before"):
        prepare(Start(dev=True))
    assert "XLWINGS_ON_SERVER" not in os.environ


def test_the_command_line_and_the_server_module_do_not_import_xlwings():
    code = (
        "import sys, klantwaarde.cli, klantwaarde_addin.cli, klantwaarde_addin.serve\nprint('xlwings' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == "False"


def test_no_extra_no_server(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("klantwaarde_addin.serve.find_spec", lambda _: None)
    with pytest.raises(InputError) as caught:
        prepare(Start(dev=True))
    assert [fault.code for fault in caught.value.faults] == ["KW-HO-006"]


def test_the_project_lies_where_the_server_looks():
    assert {"custom_functions", "custom_scripts", "static", "templates"} <= {
        item.name for item in project_folder().iterdir()
    }
    assert not (project_folder() / ".env").exists()
    assert FIXED["XLWINGS_ENVIRONMENT"] == "prod"


def test_who_may_ask_follows_from_the_settings():
    limits = limits_of(Chosen(cors_allow_origins=["https://more.example"], hostname="klantwaarde.example:8443"), "")
    assert limits.needs_token
    assert limits.hosts == {"klantwaarde.example"}
    assert limits.origins == {"https://klantwaarde.example:8443", "https://more.example"}


def test_on_this_computer_only_its_own_pages_may_ask():
    limits = limits_of(Chosen(hostname=None), "8000")
    assert not limits.needs_token
    assert limits.hosts == {"127.0.0.1", "localhost", "::1"}
    assert "http://127.0.0.1:8000" in limits.origins
    assert all("127.0.0.1" in origin or "localhost" in origin for origin in limits.origins)


def test_the_log_says_the_kind_of_error_and_no_value():
    record = logging.LogRecord("x", logging.ERROR, "x", 1, ValueError('Klanten!B2: "Jansen" is geen getal'), (), None)
    assert without_values(record)
    assert record.getMessage() == "ValueError answered"
