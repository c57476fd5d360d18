"""The templates as a controller gets them, read back with openpyxl and calamine, recalculated by LibreOffice."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

import klantwaarde_addin.functions  # noqa: F401 - declares the functions
from klantwaarde import tables_from
from klantwaarde.cli import _parser
from klantwaarde.messages import LANGUAGES, catalogue
from klantwaarde.tables.catalogue import INPUT_TABLES, TABLE
from klantwaarde.tables.settings import SETTINGS, setting_text
from klantwaarde.workbook import look
from klantwaarde.workbook.template import build_template, write_templates
from klantwaarde.workbook.template_hints import example_of
from klantwaarde.workbook.template_inputs import BLANK_ROWS, HEADER_ROW, HELP_ROW
from klantwaarde.workbook.template_start import GOALS, STEPS
from klantwaarde_addin.commands import COMMAND
from klantwaarde_addin.declare import FUNCTIONS

FRAMES = {
    "customers": pd.DataFrame({"customer_id": ["0017", "0018"], "name": ["=1+1 bv", None], "excluded": [True, False]}),
    "invoice_lines": pd.DataFrame(
        {
            "invoice_id": ["F1", "F2", "F2"],
            "invoice_date": pd.to_datetime(["2025-01-31", "2025-02-01", "2025-02-01"]),
            "customer_id": ["0017", "0018", "0018"],
            "net_amount": [100.25, -3.5, float("nan")],
        }
    ),
    "ledger": pd.DataFrame({"account": ["4000"], "amount": [12.5], "treatment": ["pool"], "period": ["2025-03"]}),
    "activity_volumes": pd.DataFrame(
        {"customer_id": ["0017"], "activity_id": ["A"], "quantity": [3.0], "regels": [2.0]}
    ),
    "settings": pd.DataFrame(
        {
            "name": ["company", "Begin periode", "period_end", "abc_a", "support_method"],
            "value": ["Voorbeeld bv", pd.Timestamp("2025-01-01"), "31-12-2025", "75%", "direct"],
            "who": ["M. Smit", None, None, None, None],
        }
    ),
}

SCREEN_POINTS, SCREEN_PIXELS = 330, 1310  # of the grid in a window of 1366 x 768 pixels, ribbon unfolded


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def empty(language: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(build_template(language)))


@pytest.fixture(scope="module")
def filled_bytes() -> bytes:
    return build_template("nl", frames=FRAMES)


@pytest.fixture(scope="module")
def filled(filled_bytes: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(filled_bytes))


def input_sheets(book: Workbook, language: str) -> list[tuple[object, object]]:
    return [(table, book[table.sheet_name(language)]) for table in INPUT_TABLES]


def test_the_sheets_stand_in_working_order_and_none_is_hidden(empty: Workbook, language: str) -> None:
    first = ["Start", "Instellingen"] if language == "nl" else ["Start", "Settings"]
    last = ["Koppeling", "Lijsten"] if language == "nl" else ["Mapping", "Lists"]
    inputs = [table.sheet_name(language) for table in INPUT_TABLES if table.id != "mapping"]
    assert empty.sheetnames == [*first, *inputs, *last]
    assert {sheet.sheet_state for sheet in empty.worksheets} == {"visible"}
    assert empty.active.title == first[0]
    assert sum(sheet.sheet_view.tabSelected or False for sheet in empty.worksheets) == 1


def test_every_declared_table_has_its_excel_table_with_all_columns(empty: Workbook, language: str) -> None:
    for table in (*INPUT_TABLES, TABLE["settings"]):
        sheet = empty[table.sheet_name(language)]
        excel_table = sheet.tables[table.excel_name]
        labels = [column.label(language) for column in table.columns]
        assert excel_table.column_names == labels
        assert [cell.value for cell in sheet[excel_table.ref][0]] == labels
        assert excel_table.autoFilter.ref == excel_table.ref


def test_table_names_and_ids_are_unique_in_the_workbook(empty: Workbook) -> None:
    tables = [table for sheet in empty.worksheets for table in sheet.tables.values()]
    assert len({table.id for table in tables}) == len({table.displayName for table in tables}) == len(INPUT_TABLES) + 1


def test_an_empty_table_spans_the_rows_in_input_style(empty: Workbook, language: str) -> None:
    style = catalogue(language)["style_input"]
    for table in INPUT_TABLES:
        sheet = empty[table.sheet_name(language)]
        assert sheet.tables[table.excel_name].ref.endswith(str(HEADER_ROW + BLANK_ROWS))
        cells = [cell for row in sheet.iter_rows(min_row=HEADER_ROW + 1) for cell in row]
        assert len(cells) == BLANK_ROWS * len(table.columns)
        assert {(cell.value, cell.style, cell.protection.locked) for cell in cells} == {(None, style, False)}


def test_required_columns_are_marked_in_the_help_row_and_not_in_the_header(empty: Workbook, language: str) -> None:
    for table in INPUT_TABLES:
        sheet = empty[table.sheet_name(language)]
        for number, column in enumerate(table.columns, 1):
            told = str(sheet.cell(HELP_ROW, number).value or "")
            assert told.startswith("*") == column.required, (table.id, column.id)
            assert column.help(language) in told
            assert "*" not in str(sheet.cell(HEADER_ROW, number).value)


def test_choice_and_flag_columns_have_a_list_of_their_labels(empty: Workbook, language: str) -> None:
    for table in INPUT_TABLES:
        sheet = empty[table.sheet_name(language)]
        rules = {str(rule.sqref).split("6:")[0]: rule for rule in sheet.data_validations.dataValidation}
        for number, column in enumerate(table.columns, 1):
            letters = openpyxl.utils.get_column_letter(number)
            if column.kind not in ("choice", "flag"):
                assert letters not in rules
                continue
            assert rules[letters].type == "list" and rules[letters].error
            labels = listed(empty, rules[letters].formula1)
            wanted = [choice.nl if language == "nl" else choice.en for choice in column.choices]
            assert labels == (wanted or (["Ja", "Nee"] if language == "nl" else ["Yes", "No"]))


def listed(book: Workbook, formula: str) -> list[object]:
    (sheet, area), *_ = book.defined_names[formula.lstrip("=")].destinations
    return [cell.value for (cell,) in book[sheet][area]]


def test_every_setting_has_a_row_a_name_a_source_and_its_default(empty: Workbook, language: str) -> None:
    for setting in SETTINGS:
        (sheet, address), *_ = empty.defined_names[f"set_{setting.id}"].destinations
        cell = empty[sheet][address]
        assert empty[sheet].cell(cell.row, 1).value == setting.label(language)
        assert empty[sheet].cell(cell.row, 8).value == setting.help(language)
        if setting.choices:
            wanted = language if setting.id == "language" else setting.default
            default = next(choice for choice in setting.choices if choice.id == wanted)
            assert cell.value == (default.nl if language == "nl" else default.en)
        else:
            shown = setting_text(setting.default) if isinstance(setting.default, tuple) else setting.default
            assert cell.value == (shown if shown != "" else None)
        assert (cell.value is None) == (empty[sheet].cell(cell.row, 4).value is None)


def test_start_lists_every_other_sheet_with_a_link_that_works(empty: Workbook) -> None:
    linked = [
        (str(cell.value), cell.hyperlink.location)
        for row in empty.worksheets[0].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert {text for text, _ in linked} == set(empty.sheetnames[1:])
    assert {target.rsplit("!", 1)[0].strip("'") == text for text, target in linked} == {True}


def test_start_shows_the_steps_the_legend_and_who_signs_off(empty: Workbook, language: str) -> None:
    texts = " ".join(str(cell.value) for row in empty.worksheets[0].iter_rows() for cell in row if cell.value)
    words = catalogue(language)
    for key in ("purpose", "owner", "version", "more", "legend_input", "sign_off", "finance", "commerce"):
        assert words[f"template_{key}"] in texts
    styles = {cell.style for row in empty.worksheets[0].iter_rows() for cell in row}
    assert {words[f"style_{name}"] for name in ("input", "calculation", "link", "good", "bad")} <= styles


def test_every_step_names_the_button_and_the_command_that_do_it(language: str) -> None:
    words = catalogue(language)
    for step, command in {"fill": "new_workbook", "check": "check_inputs", "run": "run_all"}.items():
        assert words[f"template_step_{step}_button"] == COMMAND[command].label(language)
        verb, *names = words[f"template_step_{step}_command"].removeprefix("klantwaarde ").split()
        assert _parser().parse_args([verb, *names]).book == Path(names[0])
    assert list(STEPS) == ["fill", "check", "run"]


def test_the_three_steps_are_seen_without_scrolling(empty: Workbook, language: str) -> None:
    start, last = empty.worksheets[0], catalogue(language)["template_step_run"]
    [row] = [cells[0].row for cells in start.iter_rows() if cells[0].value == last]
    assert sum(start.row_dimensions[number].height or look.LINE_HEIGHT for number in range(1, row + 1)) < SCREEN_POINTS
    assert sum(look.pixels(start.column_dimensions[letters].width) for letters in "ABCD") < SCREEN_PIXELS


def test_every_table_has_one_goal_that_filling_it_serves() -> None:
    served = [table for tables in GOALS.values() for table in tables]
    assert sorted(served) == sorted(table.id for table in INPUT_TABLES)


def test_every_input_header_has_a_note_with_an_example(empty: Workbook, language: str) -> None:
    for table in INPUT_TABLES:
        sheet = empty[table.sheet_name(language)]
        notes = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation if rule.prompt}
        for number, column in enumerate(table.columns, 1):
            note = notes[f"{openpyxl.utils.get_column_letter(number)}{HEADER_ROW}"]
            assert note.promptTitle == column.label(language)[:32]
            assert note.showInputMessage and column.help(language) in note.prompt
            assert note.prompt.endswith(
                f"{'Bijv.' if language == 'nl' else 'E.g.'} {example_of(table, column, language)}"
            )


def test_examples_in_the_notes_can_be_read(language: str) -> None:
    for table in INPUT_TABLES:
        row = {column.id: [example_of(table, column, language)] for column in table.columns}
        read = tables_from({table.id: pd.DataFrame(row)}, {"language": language})
        assert len(read.get(table.id)) == 1
        assert {fault.code for fault in read.messages} <= {"KW-VA-031"}  # a number that was typed as text


def test_functions_are_named_as_text_and_as_they_are_declared(empty: Workbook, language: str) -> None:
    separator, tips = "; " if language == "nl" else ", ", 0
    for table in INPUT_TABLES:
        cell = empty[table.sheet_name(language)].cell(3, 2)
        for name, arguments in re.findall(r"=KW_(\w+)\(([^)]*)\)", str(cell.value)):
            declared, given = FUNCTIONS[name.lower()], arguments.split(separator)
            assert declared.fewest <= len(given) <= len(declared.arguments)
            assert cell.data_type == "s"
            tips += 1
    assert tips >= 5


def test_sheets_print_on_a4_landscape_one_page_wide_with_the_header_repeated(empty: Workbook) -> None:
    for sheet in empty.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, str(setup.paperSize), setup.fitToWidth) == ("landscape", "9", 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.oddFooter.right.text
    assert all(sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}" for sheet in empty.worksheets[1:])
    assert all(sheet.freeze_panes for sheet in empty.worksheets[1:])


def test_nothing_is_merged_linked_outside_volatile_or_run(empty: Workbook, language: str) -> None:
    with zipfile.ZipFile(io.BytesIO(build_template(language))) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name or "vba" in name.lower()]
        sheets = b"".join(parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)
    assert not re.search(rb"<f>[^<]*\b(INDIRECT|OFFSET|NOW|TODAY|RAND)\(", sheets)
    assert b"<mergeCell" not in sheets and b"TargetMode" not in sheets


def test_help_and_headers_are_readable(empty: Workbook, language: str) -> None:
    for table in INPUT_TABLES:
        sheet = empty[table.sheet_name(language)]
        for number, column in enumerate(table.columns, 1):
            width = sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width
            assert width > max(len(word) for word in column.label(language).split())
            lines = len(str(sheet.cell(HELP_ROW, number).value or "")) / (width * 1.15)
            assert sheet.row_dimensions[HELP_ROW].height >= lines * 12


def test_a_filled_template_holds_the_rows_as_typed_values(filled: Workbook) -> None:
    lines = filled["Invoer_Factuurregels"]
    assert lines.tables["tblInvoiceLines"].ref == f"A{HEADER_ROW}:M{HEADER_ROW + 3}"
    row = {cell.value: lines.cell(HEADER_ROW + 1, cell.column) for cell in lines[HEADER_ROW]}
    assert row["Factuurdatum"].is_date and row["Nettobedrag"].value == pytest.approx(100.25)
    assert row["Klantnummer"].value == "0017" and row["Klantnummer"].number_format == "@"
    assert row["Nettobedrag"].number_format == look.NUMBER_FORMATS["money"]
    assert lines.cell(HEADER_ROW + 3, row["Nettobedrag"].column).value is None
    customers = filled["Invoer_Klanten"]
    assert (customers.cell(HEADER_ROW + 1, 2).value, customers.cell(HEADER_ROW + 1, 2).data_type) == ("=1+1 bv", "s")
    assert [customers.cell(HEADER_ROW + n, 18).value for n in (1, 2)] == ["Ja", "Nee"]
    assert filled["Invoer_Grootboek"].cell(HEADER_ROW + 1, 7).value == "Kostenpool"


def test_variables_of_time_equations_become_extra_columns(filled: Workbook) -> None:
    sheet = filled["Invoer_Activiteitvolumes"]
    assert sheet.tables["tblActivityVolumes"].column_names[-1] == "regels"
    assert sheet.cell(HEADER_ROW + 1, 5).value == pytest.approx(2.0)


def test_given_settings_replace_the_defaults(filled: Workbook) -> None:
    sheet = filled["Instellingen"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=HEADER_ROW + 1)}
    assert rows["Onderneming"][1].value == "Voorbeeld bv" and rows["Onderneming"][5].value == "M. Smit"
    assert rows["Begin periode"][1].is_date
    assert rows["Grens klasse A"][1].value == pytest.approx(0.75)
    assert rows["Doorbelasting"][1].value == "Rechtstreeks"


@pytest.mark.parametrize(
    "frames",
    [
        {"klanten": pd.DataFrame()},
        {"customers": pd.DataFrame({"customer_id": ["1"], "shoe_size": [44]})},
        {"settings": pd.DataFrame({"name": ["colour"], "value": ["red"]})},
    ],
)
def test_frames_that_do_not_fit_are_refused(frames: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match=r"klanten|shoe_size|colour"):
        build_template("nl", frames=frames)


def test_a_template_can_hold_only_the_tables_that_are_asked_for() -> None:
    book = openpyxl.load_workbook(io.BytesIO(build_template("en", tables=["invoice_lines", "customers"])))
    assert book.sheetnames == ["Start", "Settings", "Input_Customers", "Input_InvoiceLines", "Lists"]
    with pytest.raises(ValueError, match="nothing"):
        build_template("en", tables=["nothing"])


def test_both_templates_are_written_and_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = write_templates(tmp_path)
    assert [path.name for path in paths] == ["klantwaarde_nl.xlsx", "klantwaarde_en.xlsx"]
    for path, language in zip(paths, LANGUAGES, strict=True):
        assert path.read_bytes() == build_template(language)


def test_both_languages_say_the_same_things() -> None:
    nl, en = catalogue("nl"), catalogue("en")
    ours = ("style_", "report_", "template_")
    keys = {key for key in nl if key.startswith(ours)}
    assert keys == {key for key in en if key.startswith(ours)}
    assert all(nl[key].strip() and en[key].strip() for key in keys)
    for key in keys:
        assert re.findall(r"{\w+}", nl[key]) == re.findall(r"{\w+}", en[key])


def test_libreoffice_opens_it_and_calculates_what_start_shows(filled_bytes: bytes, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(filled_bytes)
    shown = start_texts(path)
    assert "Voorbeeld bv" in shown and "1-1-2025 – 31-12-2025" in shown
    assert start_texts(recalculated(path)) == shown


def start_texts(path: Path) -> list[str]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Start")
    return [str(value) for row in sheet.to_python() for value in row if value != ""]


def recalculated(path: Path) -> Path:
    """A copy without any calculated value, opened and saved by LibreOffice."""
    bare, out = path.parent / "bare.xlsx", path.parent / "out"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, without_values(content) if "worksheets/sheet" in name else content)
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(out / "bare.xlsx") as parts:
        assert not any(b't="e"' in parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)
    return out / "bare.xlsx"


def without_values(sheet_xml: bytes) -> bytes:
    root = etree.fromstring(sheet_xml)
    for formula in root.iter("{*}f"):
        for value in formula.itersiblings("{*}v"):
            formula.getparent().remove(value)
    return etree.tostring(root)
