"""What the add-in's VBA does, module for module as shipped, between a stubbed Excel and a stubbed engine."""

import pytest

import klantwaarde
from addin.build.interpreted import DEAD, EMPTY, NOT_REGISTERED, NOTHING, Engine, Excel, MemberSpec, array
from addin.build.sample import SAMPLES, sample_modules
from klantwaarde.messages import label
from klantwaarde_addin.commands import COMMANDS

MODULES = sample_modules("nl").values()
DONE = array("done", "Klaar.", "", "")
VB_EXCLAMATION, VB_INFORMATION = 48, 64


def engine(*answers, replies=(), version=klantwaarde.__version__):
    return Engine(version, answers, replies)


def excel(*engines):
    started = Excel(MODULES, *engines)
    for row in range(1, 6):
        started.fill(f"A{row}", float(row))
    return started


# Functions


def test_a_wrapper_hands_over_its_arguments_as_declared():
    stub = engine(array(0, 1.5))
    started = excel(stub)
    started.fill("B1", "end")
    assert started.call("KW_CLV", started.range("A2:A4"), started.range("B1"), 0.05) == 1.5
    assert stub.asked == [("clv", [[[2.0], [3.0], [4.0]], "end", 0.05], False)]


def test_what_is_left_out_arrives_empty():
    stub = engine(array(0, 1.0), array(0, 1.0))
    started = excel(stub)
    started.call("KW_CLV", started.range("A1:A2"))
    started.call("KW_CLV", started.range("Z9"))
    assert [given for _, given, _ in stub.asked] == [[[[1.0], [2.0]], None, None], [None, None, None]]


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("A:A", [[1.0], [2.0], [3.0], [4.0], [5.0]]),
        ("A4:A500", [[4.0], [5.0]]),
        ("A1:XFD1", [[1.0, None, 7.0]]),
        ("C:C", 7.0),
        ("E:E", None),
        ("A9:A12", None),
    ],
)
def test_a_range_is_cut_after_the_last_used_row_and_column(address, values):
    stub = engine(array(0, 1.0))
    started = excel(stub)
    started.fill("C1", 7.0)
    started.call("KW_GINI", started.range(address))
    assert stub.asked == [("gini", [values], False)]


def test_whole_columns_end_where_the_longest_of_them_ends():
    stub = engine(array(0, 1.0))
    started = excel(stub)
    for row in (1, 2, 3):
        started.fill(f"C{row}", 7.0)
    started.fill("D9", 1.0)
    started.call("KW_CLV", started.range("A:A"), started.range("C:C"))
    assert stub.asked[0][1][:2] == [[[float(row)] for row in range(1, 6)], [[7.0], [7.0], [7.0], [None], [None]]]


def test_arrays_arrive_with_rows_and_columns():
    stub = engine(array(0, 1.0))
    excel(stub).call("KW_GINI", array(1.0, 2.0, 3.0))
    assert stub.asked == [("gini", [[[1.0, 2.0, 3.0]]], False)]


def test_separate_areas_are_refused_and_named():
    started = excel(engine())
    started.edges.caller = started.range("D1")
    assert started.call("KW_CLV", started.range("A1"), started.range("A1:A2,A4:A5")) == "Error 2015"
    assert sentence_of(started, "D1") == label("vba_areas", "nl", position=2)


def test_the_date_system_is_that_of_the_workbook_that_asks():
    stub = engine(array(0, 1.0), array(0, 1.0))
    started = excel(stub)
    started.edges.is1904 = True
    started.call("KW_GINI", 1.0)
    started.edges.caller = started.range("D1")
    started.call("KW_GINI", 1.0)
    assert [is1904 for _, _, is1904 in stub.asked] == [False, True]


def sentence_of(started, address):
    """The sentence that Trace shows on a cell that holds an error value."""
    started.range(address).vba_set("Formula", "=NA()")
    started.range(address).vba_get("Select")
    before = len(started.app.dialogs)
    started.press("trace_number")
    return started.app.dialogs[-1][1] if len(started.app.dialogs) > before else None


@pytest.mark.parametrize("code", [2015, 2036, 2042])
def test_a_code_becomes_an_error_value_and_its_sentence_is_shown_by_trace(code):
    started = excel(engine(array(code, "Waarden, rij 2: tekst.")))
    started.edges.caller = started.range("D1")
    assert started.call("KW_GINI", 1.0) == f"Error {code}"
    assert sentence_of(started, "D1") == "Waarden, rij 2: tekst."
    assert started.app.dialogs[-1][2:] == ("Klantwaarde", VB_INFORMATION)


def test_an_answer_makes_the_earlier_sentence_go_and_trace_go_to_the_engine():
    stub = engine(array(2015, "Fout."), array(0, 1.0), replies=[DONE])
    started = excel(stub)
    started.edges.caller = started.range("D1")
    started.call("KW_GINI", 1.0)
    started.call("KW_GINI", 1.0)
    assert sentence_of(started, "D1") is None
    assert stub.ran == [("trace_number", started.book)]


def test_each_cell_keeps_its_own_latest_sentence():
    started = excel(engine(array(2015, "een"), array(2015, "twee"), array(2015, "drie")))
    for cell in ("D1", "D2", "D1"):
        started.edges.caller = started.range(cell)
        started.call("KW_GINI", 1.0)
    assert [sentence_of(started, cell) for cell in ("D1", "D2")] == ["drie", "twee"]


def test_a_sentence_from_before_this_session_is_asked_for_again(monkeypatch):
    started = excel(engine(array(2042, "Klant 7 bestaat niet.")))
    cell = started.range("D1")
    cell.vba_set("Formula", "=KW_GINI(A1)")
    cell.vba_get("Select")
    started.edges.caller = cell

    def calculated(_):
        started.call("KW_GINI", 1.0)
        return EMPTY

    monkeypatch.setitem(type(cell)._vba_members, "calculate", MemberSpec("Calculate", "method", calculated))
    started.press("trace_number")
    assert started.app.dialogs == [("MsgBox", "Klant 7 bestaat niet.", "Klantwaarde", VB_INFORMATION)]


# The engine


def test_the_engine_is_found_once_and_kept():
    stub = engine(array(0, 1.0), array(0, 2.0))
    started = excel(stub)
    assert [started.call("KW_GINI", 1.0), started.call("KW_GINI", 1.0)] == [1.0, 2.0]
    assert started.engines == []


def test_a_missing_engine_is_said_in_one_sentence_and_not_sought_for_every_cell():
    started = excel(NOT_REGISTERED)
    for cell in ("D1", "D2"):
        started.edges.caller = started.range(cell)
        assert started.call("KW_GINI", 1.0) == "Error 2015"
    said = label("vba_no_engine", "nl", reason=NOT_REGISTERED.description)
    assert [sentence_of(started, cell) for cell in ("D1", "D2")] == [said, said]


def test_a_button_seeks_again_at_once():
    stub = engine(replies=[DONE])
    started = excel(NOT_REGISTERED, NOT_REGISTERED, stub)
    started.call("KW_GINI", 1.0)
    started.press("run_all")
    assert started.app.dialogs == [
        ("MsgBox", label("vba_no_engine", "nl", reason=NOT_REGISTERED.description), "Klantwaarde", VB_EXCLAMATION)
    ]
    started.press("run_all")
    assert stub.ran == [("run_all", started.book)]


def test_an_engine_of_another_version_is_refused_with_both_versions():
    stub = engine(version="9.9.9")
    started = excel(stub, stub)
    started.edges.caller = started.range("D1")
    assert started.call("KW_GINI", 1.0) == "Error 2015"
    said = label("vba_other_version", "nl", version=klantwaarde.__version__, found="9.9.9")
    assert sentence_of(started, "D1") == said
    started.press("run_all")
    assert started.app.dialogs[-1] == ("MsgBox", said, "Klantwaarde", VB_EXCLAMATION)
    assert (stub.asked, stub.ran) == ([], [])


def test_a_function_asks_a_new_engine_when_the_kept_one_died():
    first, second = engine(array(0, 1.0)), engine(array(0, 2.0))
    started = excel(first, second)
    started.call("KW_GINI", 1.0)
    first.is_dead = True
    first.answers.append(DEAD)
    assert started.call("KW_GINI", 5.0) == 2.0
    assert second.asked == [("gini", [5.0], False)]


def test_a_function_tries_twice_and_then_says_so():
    started = excel(engine(DEAD), engine(DEAD))
    started.edges.caller = started.range("D1")
    assert started.call("KW_GINI", 1.0) == "Error 2015"
    assert sentence_of(started, "D1") == label("vba_stopped", "nl", reason=DEAD.description)
    assert started.engines == []


def test_a_command_goes_to_a_new_engine_when_the_kept_one_died_before():
    first, second = engine(replies=[DONE]), engine(replies=[DONE])
    started = excel(first, second)
    started.press("run_all")
    first.is_dead = True
    started.press("check_inputs")
    assert [command for command, _ in first.ran + second.ran] == ["run_all", "check_inputs"]


def test_a_command_that_breaks_half_way_is_not_run_twice():
    first, second = engine(replies=[DEAD]), engine(replies=[DONE])
    started = excel(first, second)
    started.press("run_all")
    assert started.app.dialogs == [
        ("MsgBox", label("vba_stopped", "nl", reason=DEAD.description), "Klantwaarde", VB_EXCLAMATION)
    ]
    assert (len(first.ran), len(second.ran)) == (1, 0)
    assert started.edges.on_undo == []


# The ribbon and the screen


@pytest.mark.parametrize("command", [command.id for command in COMMANDS])
def test_every_button_hands_its_own_id_and_the_workbook_to_the_engine(command):
    stub = engine(replies=[DONE])
    started = excel(stub)
    started.press(command)
    assert stub.ran == [(command, started.book)]
    assert started.app.application.status_bar == "Klaar."


def test_without_a_workbook_the_engine_gets_none():
    stub = engine(replies=[DONE])
    started = excel(stub)
    started.app.application.active_book = None
    started.press("new_workbook")
    assert stub.ran == [("new_workbook", NOTHING)]


def test_the_status_bar_is_given_back_after_some_seconds():
    started = excel(engine(replies=[DONE, array("done", "Weer klaar.", "", "")]))
    started.press("run_all")
    started.press("run_all")
    first, taken_back, second = started.edges.on_time
    assert first[1:] == ("'Book1'!GiveStatusBarBack", True)
    assert taken_back == (first[0], "'Book1'!GiveStatusBarBack", False)
    assert second[1:] == ("'Book1'!GiveStatusBarBack", True)
    started.app.run("GiveStatusBarBack")
    assert started.app.application.status_bar is False


@pytest.mark.parametrize(("kind", "style"), [("show", VB_INFORMATION), ("problem", VB_EXCLAMATION)])
def test_a_reply_to_read_comes_in_a_box(kind, style):
    started = excel(engine(replies=[array(kind, "Grootboek!D14: leeg.", "", "")]))
    started.press("check_inputs")
    assert started.app.dialogs == [("MsgBox", "Grootboek!D14: leeg.", "Klantwaarde", style)]


@pytest.mark.parametrize(
    "text", ["Een zin met woorden. " * 120, "x" * 2_500, "y" * 1_000], ids=["words", "one word", "just fits"]
)
def test_a_text_longer_than_a_box_comes_whole_in_several(text):
    started = excel(engine(replies=[array("show", text, "", "")]))
    started.press("doctor")
    shown = [prompt for _, prompt, _, _ in started.app.dialogs]
    assert "".join(shown) == text
    assert len(shown) == -(-len(text) // 1_000)
    assert all(len(prompt) <= 1_000 for prompt in shown)
    assert text.count(" ") == 0 or all(prompt.endswith(" ") for prompt in shown)


def test_an_empty_reply_shows_nothing():
    started = excel(engine(replies=[array("done", "", "", "")]))
    started.press("settings")
    assert started.app.dialogs == []
    assert started.edges.on_time == []


def test_a_template_is_opened_as_a_new_workbook(monkeypatch):
    started = excel(engine(replies=[array("done", "", "C:\\Klantwaarde\\template_nl.xlsx", "")]))
    opened = []
    add = MemberSpec("Add", "method", lambda _, template: opened.append(template), parameters=("template",))
    monkeypatch.setitem(type(started.app.application.workbooks_)._vba_members, "add", add)
    started.press("new_workbook")
    assert opened == ["C:\\Klantwaarde\\template_nl.xlsx"]


def test_a_page_is_opened():
    started = excel(engine(replies=[array("done", "", "", "C:\\Klantwaarde\\help.html")]))
    started.press("help_page")
    assert started.edges.pages == ["C:\\Klantwaarde\\help.html"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_undo_is_offered_after_commands_that_write_results_and_only_then(command):
    started = excel(engine(replies=[DONE]))
    started.press(command.id)
    offered = [(label("vba_undo", "nl"), "'Book1'!KwUndo")]
    assert started.edges.on_undo == (
        offered if command.group == "calculate" or command.id == "restore_previous" else []
    )


def test_undo_is_not_offered_after_a_problem():
    started = excel(engine(replies=[array("problem", "Er is niets geschreven.", "", "")]))
    started.press("run_all")
    assert started.edges.on_undo == []


def test_undo_restores_the_previous_run():
    stub = engine(replies=[DONE])
    excel(stub).call("KwUndo")
    assert [command for command, _ in stub.ran] == ["restore_previous"]


# The function wizard


def test_the_wizard_gets_every_text_and_one_refusal_costs_no_other():
    started = excel()
    started.book.saved = False
    started.app.run("GiveHelp")
    clv = SAMPLES[0]
    assert started.edges.help == [{
        "macro": "'Book1'!KW_CLV", "description": clv.nl, "category": label("function_group_lifetime", "nl"),
        "arguments": [argument.nl for argument in clv.arguments],
    }]  # fmt: skip
    assert started.book.vba_get("Saved") is True
    assert started.edges.on_time == []


def test_the_wizard_waits_for_a_workbook_and_stops_waiting_on_closing():
    started = excel()
    started.app.application.active_book = None
    started.app.run("GiveHelp")
    assert started.edges.help == []
    ((when, macro, scheduled),) = started.edges.on_time
    assert (macro, scheduled) == ("'Book1'!GiveHelp", True)
    started.app.run("StopWaiting")
    assert started.edges.on_time[1:] == [(when, macro, False)]
