"""The task pane in a real browser with the real client scripts; only Office.js is a stand-in."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from addin.hosts.process import ServerProcess
from klantwaarde.messages import label
from klantwaarde_addin.commands import COMMAND, GROUP_LABELS
from klantwaarde_addin.pane import PANE
from klantwaarde_addin.scripts import REMOTE_COMMANDS

OFFICE = (Path(__file__).parent / "mock_office.js").read_text(encoding="utf-8")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IN_ORDER = [command.id for group in PANE.groups for command in group.commands]


def alert(text: str, mode: str) -> dict[str, Any]:
    """What a script sends back to show a text."""
    return {"actions": [{"func": "alert", "args": [text, "Klantwaarde", "ok", mode, ""]}]}


class Visit:
    """One page, with what it asked for and what it is answered."""

    def __init__(self, browser: Browser, server: ServerProcess, display: str = "nl-NL", more: str = "") -> None:
        self.page: Page = browser.new_page(viewport={"width": 340, "height": 760}, device_scale_factor=2)
        self.asked: list[str] = []
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.errors: list[str] = []
        self.answer: dict[str, Any] = {"json": alert("Gedaan.", "")}
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/office.js", lambda route: route.fulfill(body=OFFICE, content_type="text/javascript"))
        self.page.route("**/custom-scripts-call/*", self._reply)
        self.page.goto(f"{server.address}/taskpane.html?display={display}{more}")
        self.page.wait_for_function(
            "globalThis.klantwaarde && globalThis.xlwings && Object.keys(associated).length && Object.keys(ribbon).length"
        )

    def _reply(self, route: Route) -> None:
        self.posted.append((route.request.url.rsplit("/", 1)[1], route.request.post_data_json))
        route.fulfill(**self.answer)

    def button(self, command: str) -> Any:
        return self.page.locator(f"[data-command={command}]")

    @property
    def reply(self) -> Any:
        return self.page.locator("#reply")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "these tests need the Debian package chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def pane(browser: Browser, server: ServerProcess) -> Iterator[Visit]:
    visit = Visit(browser, server)
    yield visit
    assert visit.errors == []
    assert [url for url in visit.asked if not url.startswith(server.address)] == []  # nobody else is told
    visit.page.close()


def test_the_pane_loads_in_excel(pane: Visit, tmp_path: Path):
    pane.page.wait_for_timeout(5500)  # the client gives Office five seconds before it complains
    expect(pane.page.locator("#xlwings-office-ready-error")).to_be_hidden()
    for message in ("#global-error-alert", "#global-status-alert", "#reply"):
        expect(pane.page.locator(message)).to_be_hidden()
    pane.page.screenshot(path=tmp_path / "pane.png", full_page=True)
    assert (tmp_path / "pane.png").stat().st_size > 10_000


@pytest.mark.parametrize(("display", "language"), [("nl-NL", "nl"), ("nl-BE", "nl"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_language_is_that_of_excel(browser: Browser, server: ServerProcess, display: str, language: str):
    visit = Visit(browser, server, display)
    expect(visit.page.locator("html")).to_have_attribute("lang", language)
    for command in REMOTE_COMMANDS:
        expect(visit.button(command.id)).to_have_text(re.compile(rf"{re.escape(command.label(language))}"))
        assert visit.button(command.id).inner_text().strip() == command.label(language)
        assert visit.button(command.id).get_attribute("title") == command.tip(language)
    headings = [heading.inner_text().strip() for heading in visit.page.locator("h2").all()]
    assert headings == [names[0 if language == "nl" else 1] for names in GROUP_LABELS.values()]
    visit.page.close()


COLOURS = """
[...document.querySelectorAll('h1, h2, p, button')].filter(one => one.checkVisibility()).map(one => {
  let ground = one;
  while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
  return [one.textContent.trim(), getComputedStyle(one).color, getComputedStyle(ground).backgroundColor];
})
"""


def brightness(colour: str) -> float:
    """Relative luminance of ``rgb(…)``, as WCAG defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_text_can_be_read(pane: Visit):
    pane.answer = {"json": alert("Fout.", "critical")}
    pane.button("run_all").click()
    expect(pane.reply).to_have_text("Fout.")
    found = pane.page.evaluate(COLOURS)
    assert len(found) > len(IN_ORDER)
    for text, colour, ground in found:
        dark, light = sorted((brightness(colour), brightness(ground)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, colour, ground)


@pytest.mark.parametrize("width", [240, 320, 600])
def test_nothing_falls_off_a_narrow_pane(pane: Visit, width: int):
    pane.page.set_viewport_size({"width": width, "height": 700})
    assert pane.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_chosen_language_stays(pane: Visit):
    pane.page.click("[data-language=en]")
    pane.page.reload()
    expect(pane.page.locator("html")).to_have_attribute("lang", "en")
    expect(pane.page.locator("[data-language=en]")).to_have_attribute("aria-pressed", "true")
    expect(pane.page.locator("[data-language=nl]")).to_have_attribute("aria-pressed", "false")


def test_every_button_is_reached_and_pressed_with_the_keyboard(pane: Visit):
    reached = []
    for _ in range(2 + len(IN_ORDER)):
        pane.page.keyboard.press("Tab")
        reached.append(
            pane.page.evaluate("document.activeElement.dataset.command ?? document.activeElement.dataset.language")
        )
    assert reached == ["nl", "en", *IN_ORDER]
    pane.button("run_all").focus()
    assert pane.button("run_all").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    pane.page.keyboard.press("Enter")
    expect(pane.reply).to_have_text("Gedaan.")
    assert [name for name, _ in pane.posted] == ["run_all"]


@pytest.mark.parametrize("command", IN_ORDER)
def test_a_button_asks_for_its_own_script(pane: Visit, command: str):
    pane.button(command).click()
    expect(pane.reply).to_have_text("Gedaan.")
    ((name, payload),) = pane.posted
    assert name == command
    assert payload["book"]["name"] == "book.xlsx"
    assert payload["args"] == ["nl"]


def test_a_problem_is_announced_in_the_pane_and_in_no_dialog(pane: Visit, tmp_path: Path):
    pane.answer = {"json": alert("Invoer_Klanten!B7: <b>fout</b>.\n\nEr is niets veranderd.", "critical")}
    pane.button("check_inputs").click()
    expect(pane.page.get_by_role("alert").filter(visible=True)).to_have_text(
        "Invoer_Klanten!B7: <b>fout</b>.\n\nEr is niets veranderd."
    )
    expect(pane.reply).to_have_class("problem")
    pane.page.screenshot(path=tmp_path / "problem.png", full_page=True)


def test_without_a_reply_the_pane_says_that_it_is_done(pane: Visit):
    pane.answer = {"json": {"actions": []}}
    pane.button("settings").click()
    expect(pane.reply).to_have_text("Klaar: Toon instellingen.")


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (
            {"status": 413, "body": label("hosts_body_large", "nl"), "content_type": "text/plain"},
            label("hosts_body_large", "nl"),
        ),
        (
            {"status": 400, "body": "RequestPayloadSizeLimitExceeded", "content_type": "text/plain"},
            label("hosts_too_many_cells", "nl"),
        ),
    ],
)
def test_an_error_of_the_server_or_of_excel_is_one_sentence(pane: Visit, answer: dict[str, Any], shown: str):
    pane.answer = answer
    pane.button("run_all").click()
    expect(pane.reply).to_have_text(shown)
    expect(pane.reply).to_have_class("problem")
    expect(pane.button("run_all")).to_have_attribute("aria-disabled", "false")


@pytest.mark.parametrize(("setting", "command"), [("INCLUDE", "run_all"), ("EXCLUDE", "settings")])
def test_a_workbook_does_not_choose_what_counts(browser: Browser, server: ServerProcess, setting: str, command: str):
    visit = Visit(browser, server, more=f"&conf={setting}")
    visit.button(command).click()
    expect(visit.reply).to_have_text(label("hosts_settings_sheet", "nl"))
    assert visit.posted == []
    visit.page.close()


def test_a_workbook_cannot_leave_sheets_out(browser: Browser, server: ServerProcess):
    visit = Visit(browser, server, more="&conf=EXCLUDE")
    visit.button("run_all").click()
    expect(visit.reply).to_have_text("Gedaan.")
    assert len(visit.posted) == 1
    visit.page.close()


def test_a_second_press_waits_for_the_first(pane: Visit):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    pane.page.unroute("**/custom-scripts-call/*")
    pane.page.route("**/custom-scripts-call/*", hold)
    pane.button("run_all").click()
    expect(pane.reply).to_have_text("Bezig: Alles berekenen …")
    expect(pane.page.locator("main")).to_have_attribute("aria-busy", "true")
    pane.button("allocate_costs").click(force=True)
    pane.page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].fulfill(json=alert("Klaar.", ""))
    expect(pane.reply).to_have_text("Klaar.")


def test_every_command_is_on_the_ribbon_and_ends_its_event(pane: Visit):
    assert pane.page.evaluate("Object.keys(ribbon)") == IN_ORDER
    pane.page.evaluate("new Promise(done => ribbon.reconcile({ completed: done }))")
    assert [name for name, _ in pane.posted] == ["reconcile"]
    assert COMMAND["reconcile"].group == "review"


def test_a_function_in_a_cell_reaches_python_and_back(pane: Visit):
    call = "associated.KW_CAPACITY_RATE([[560000], [1]], [[700000], [4]], { address: 'Sheet1!A1', parameterAddresses: [] })"
    assert pane.page.evaluate(call) == [[0.8], [0.25]]


def test_a_function_that_cannot_answer_gives_an_error_value_and_the_sentence(pane: Visit):
    call = "associated.KW_CAPACITY_RATE([['veel']], [[4]], { address: 'Sheet1!A1', parameterAddresses: [] }).catch(e => [e.code, e.message])"
    code, message = pane.page.evaluate(call)
    assert code == "#VALUE!"
    assert message.startswith("cost")
    assert "[KW-" in message
