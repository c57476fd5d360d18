"""Every cell comes back with its address, kind and value, whatever program wrote the file."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from crafted_books import MAIN, OFFICE, RELATIONSHIPS, SHEET, book_parts, relations, sheet_xml, write_book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.table import Table
from python_calamine import load_workbook

from klantwaarde.messages import InputError
from klantwaarde.tables.raw import Kind, RawSheet
from klantwaarde.workbook.number_formats import DATE, NUMBER, TIME, format_kind
from klantwaarde.workbook.reading import open_workbook_file

FIRST_DAY = dt.datetime.fromisoformat("1899-12-30")
DATE_STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs>'


def cells_of(sheet: RawSheet) -> dict[str, tuple[Kind, Any]]:
    """Address -> kind and value of every cell that is not blank."""
    found: dict[str, tuple[Kind, Any]] = {}
    for number, column in enumerate(sheet.columns):
        for row in np.flatnonzero(column.kinds).tolist():
            kind = Kind(column.kinds[row])
            text = column.texts[row] if column.texts is not None else None
            value = text if kind in (Kind.TEXT, Kind.ERROR) else None if kind is Kind.NO_VALUE else column.numbers[row]
            assert (text is None) == (kind not in (Kind.TEXT, Kind.ERROR))
            found[sheet.address(row, number)] = (kind, value)
    return found


def read(path: Path) -> RawSheet:
    book = open_workbook_file(path)
    return book.read(book.sheet_names()[0])


def crafted(tmp_path: Path, rows: str = "", **changes: str) -> RawSheet:
    return read(write_book(tmp_path / "boek.xlsx", book_parts(rows, **changes)))


def refusal(path: Path, sheet: str = "Blad1") -> list[tuple[str, str | None]]:
    book = open_workbook_file(path)
    with pytest.raises(InputError) as caught:
        book.read(sheet)
    return [(fault.code, fault.cell) for fault in caught.value.faults]


ERRORS = ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda text: not text.startswith("=") and text not in ERRORS and "_x" not in text
)
PLANTED = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-1e300, 1e300),
    TEXTS,
    st.integers(0, 9999).map(lambda n: f"{n:04d}"),
    st.booleans(),
    st.datetimes(FIRST_DAY + dt.timedelta(days=20_000), FIRST_DAY + dt.timedelta(days=73_000)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.sampled_from(ERRORS),
)


def expected(value: object) -> tuple[Kind, object]:
    if isinstance(value, bool):
        return Kind.BOOL, float(value)
    if isinstance(value, dt.datetime):
        return Kind.DATE, pytest.approx((value - FIRST_DAY) / dt.timedelta(days=1), abs=1e-9)
    if isinstance(value, str):
        return (Kind.ERROR if value in ERRORS else Kind.TEXT), value
    return Kind.NUMBER, float(f"{value:.16g}")  # as many digits as openpyxl writes


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    grid=st.dictionaries(st.tuples(st.integers(0, 25), st.integers(0, 8)), PLANTED, min_size=1, max_size=60),
    row=st.sampled_from([1, 2, 17, 40_000]),
    column=st.sampled_from([1, 3, 25, 700]),
)
def test_every_planted_cell_comes_back(grid: dict[tuple[int, int], Any], row: int, column: int) -> None:
    book = openpyxl.Workbook()
    planted = {f"{get_column_letter(column + right)}{row + down}": value for (down, right), value in grid.items()}
    for address, value in planted.items():
        book.active[address] = value
    with tempfile.TemporaryDirectory() as folder:
        book.save(path := Path(folder) / "boek.xlsx")
        sheet = read(path)
        beside = load_workbook(path).get_sheet_by_index(0)
    assert cells_of(sheet) == {address: expected(value) for address, value in planted.items()}
    places = [coordinate_to_tuple(address) for address in planted]
    assert (sheet.first_row, sheet.first_column) == tuple(map(min, zip(*places, strict=True)))
    assert (sheet.first_row - 1, sheet.first_column - 1) == beside.start
    assert (sheet.n_rows, len(sheet.columns)) == (beside.height, beside.width)


def test_a_mixed_column_keeps_text_and_number_apart(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1234</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    sheet = crafted(tmp_path, rows, strings="<si><t>1234</t></si>")
    assert cells_of(sheet) == {"A1": (Kind.NUMBER, 1234.0), "A2": (Kind.TEXT, "1234")}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('<c r="A1" t="str"><f>A2</f><v>a&lt;b</v></c>', (Kind.TEXT, "a<b")),
        ('<c r="A1" t="inlineStr"><is><t>Jansen &amp; Zn</t></is></c>', (Kind.TEXT, "Jansen & Zn")),
        (
            '<c r="A1" t="inlineStr"><is><r><rPr><color rgb="F"/></rPr><t>a</t></r><r><t>b</t></r></is></c>',
            (Kind.TEXT, "ab"),
        ),
        ('<c r="A1" t="b"><v>1</v></c>', (Kind.BOOL, 1.0)),
        ('<c r="A1" t="b"><v>0</v></c>', (Kind.BOOL, 0.0)),
        ('<c r="A1" t="e"><v>#SPILL!</v></c>', (Kind.ERROR, "#SPILL!")),
        ('<c r="A1"><f>1+1</f></c>', (Kind.NO_VALUE, None)),
        ('<c r="A1"><f>1+1</f><v></v></c>', (Kind.NO_VALUE, None)),
        ('<c r="A1"><f>1+1</f><v/></c>', (Kind.NO_VALUE, None)),
        ('<c r="A1" t="str"><f>A2</f></c>', (Kind.NO_VALUE, None)),
        ('<c r="A1"><f>A2>3</f><v>7</v></c>', (Kind.NUMBER, 7.0)),
        ('<c r="A1" s="1" cm="1"><f t="array" ref="A1">A2</f><v>45000.5</v></c>', (Kind.DATE, 45000.5)),
        ('<c s="1" r="A1" t="n"><v>45000</v></c>', (Kind.DATE, 45000.0)),
        ('<c r="A1" t="d"><v>2025-01-31T12:00:00</v></c>', (Kind.DATE, 45688.5)),
        ('<c r="A1" t="d"><v>18:00:00</v></c>', (Kind.DATE, 0.75)),
        ('<c r="A1"><v>-1.5E-3</v></c>', (Kind.NUMBER, -0.0015)),
        ('<c r="A1"><v>0.1000000000000000055511151231257827</v></c>', (Kind.NUMBER, 0.1)),
        ("<c r='A1'><v>5</v></c>", (Kind.NUMBER, 5.0)),
        ("<c><v>5</v></c>", (Kind.NUMBER, 5.0)),
        ('<c r="A1"><!-- x --><v>5</v></c>', (Kind.NUMBER, 5.0)),
        ('<c r="A1" t="str"><v><![CDATA[a<b]]></v></c>', (Kind.TEXT, "a<b")),
        ('<c r="a1" ><v>5</v></c >', (Kind.NUMBER, 5.0)),
    ],
)
def test_a_cell_is_read_as_excel_shows_it(tmp_path: Path, cell: str, found: tuple[Kind, object]) -> None:
    sheet = crafted(tmp_path, f'<row r="1">{cell}</row>', styles=DATE_STYLES)
    assert cells_of(sheet) == {"A1": found}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" s="1"/>',
        '<c r="A1"><v></v></c>',
        '<c r="A1" t="str"><f>A2</f><v></v></c>',
        '<c r="A1" t="inlineStr"><is/></c>',
    ],
)
def test_what_shows_nothing_is_blank(tmp_path: Path, cell: str) -> None:
    assert crafted(tmp_path, f'<row r="1">{cell}</row>').columns == ()


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si><t>gewoon</t></si>", "gewoon"),
        ('<si><t xml:space="preserve"> a </t></si>', " a "),
        ("<si><r><t>Jan</t></r><r><rPr><b/></rPr><t>sen</t></r></si>", "Jansen"),
        ('<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>', "東京"),
        ("<si><t>regel_x000D_\n2</t></si>", "regel\r\n2"),
        ("<si><t>_x005F_x000D_</t></si>", "_x000D_"),
        ("<si><t>&#233;&#x20AC;&quot;&apos;</t></si>", "é€\"'"),
        ("<si><t>_xD83D__xDE00_</t></si>", "\U0001f600"),
    ],
)
def test_shared_strings_read_as_excel_shows_them(tmp_path: Path, item: str, text: str) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>2</v></c><c r="B1" t="s"><v>3</v></c></row>'
    sheet = crafted(tmp_path, rows, strings=f"<si><t>x</t></si><si/>{item}<si><t>einde</t></si>")
    assert cells_of(sheet) == {"A1": (Kind.TEXT, text), "B1": (Kind.TEXT, "einde")}


def test_strict_books_with_prefixes_read_the_same(tmp_path: Path) -> None:
    rows = '<row><c t="s"><v>0</v></c><c><v>2</v></c></row><row r="4" hidden="1"><c r="C4"><v>3</v></c><c><v>4</v></c></row>'
    parts = book_parts(rows, strings="<si><t>a</t></si>", tail='<mergeCells><mergeCell ref="A8:B9"/></mergeCells>')
    plain = read(write_book(tmp_path / "gewoon.xlsx", parts))
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"):
        xml = str(parts[part]).replace(f'xmlns="{MAIN}"', 'xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"')
        xml = xml.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:?", "<?")
        parts[part] = xml.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
    for part in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        parts[part] = str(parts[part]).replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
    strict = read(write_book(tmp_path / "strict.xlsx", parts))
    wanted = {"A1": (Kind.TEXT, "a"), "B1": (Kind.NUMBER, 2.0), "C4": (Kind.NUMBER, 3.0), "D4": (Kind.NUMBER, 4.0)}
    assert cells_of(plain) == cells_of(strict) == wanted
    assert plain.hidden_rows == strict.hidden_rows == {4}
    assert plain.merged == strict.merged == ((8, 1, 9, 2),)


@pytest.mark.parametrize("block", [1 << 20, 120, 121, 122, 123])
def test_prefixed_tags_are_read_wherever_a_piece_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr("klantwaarde.workbook.sheet_part._BLOCK_BYTES", block)
    monkeypatch.setattr("klantwaarde.workbook.sheet_part.plain_xml", None)  # the fast way must do
    rows = "".join(f'<x:row r="{n}"><x:c r="A{n}" t="str"><x:v>a&lt;x:{n}</x:v></x:c></x:row>' for n in range(1, 60))
    sheet = f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    assert cells_of(crafted(tmp_path, sheet=sheet)) == {f"A{n}": (Kind.TEXT, f"a<x:{n}") for n in range(1, 60)}


def test_utf_16_parts_are_read(tmp_path: Path) -> None:
    sheet = sheet_xml('<row r="1"><c r="A1" t="str"><v>é</v></c></row>').replace("UTF-8", "UTF-16").encode("utf-16")
    path = write_book(tmp_path / "boek.xlsx", book_parts() | {SHEET: sheet})
    assert cells_of(read(path)) == {"A1": (Kind.TEXT, "é")}


def test_dates_of_the_1904_system_are_converted_and_times_are_not(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>43538</v></c><c r="B1" s="2"><v>0.5</v></c><c r="C1"><v>7</v></c></row>'
    sheet = crafted(tmp_path, rows, styles=DATE_STYLES, workbook='<workbookPr date1904="1"/>')
    assert cells_of(sheet) == {"A1": (Kind.DATE, 45000.0), "B1": (Kind.DATE, 0.5), "C1": (Kind.NUMBER, 7.0)}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", NUMBER),
        ('"€" #,##0.00;[Red]-#,##0.00', NUMBER),
        ('0" dagen"', NUMBER),
        ("[$€-413] #,##0", NUMBER),
        ("_-* #,##0_d", NUMBER),
        ("0.00E+00", NUMBER),
        ("@", NUMBER),
        ("dd-mm-yyyy", DATE),
        ("[$-413]d mmmm yyyy;@", DATE),
        ("mmm", DATE),
        ("yyyy hh:mm", DATE),
        ("hh:mm:ss", TIME),
        ("[h]:mm", TIME),
        ("h:mm AM/PM", TIME),
    ],
)
def test_number_formats_tell_dates_from_numbers(code: str, kind: int) -> None:
    assert format_kind(code) == kind


@pytest.mark.parametrize("value", ["NaN", "INF", "1E400", "1_0", "abc", "1 2", "0x10"])
def test_a_number_that_is_none_is_refused_with_its_address(tmp_path: Path, value: str) -> None:
    rows = f'<row r="3"><c r="B3"><v>1</v></c><c r="C3"><v>{value}</v></c></row>'
    assert refusal(write_book(tmp_path / "boek.xlsx", book_parts(rows))) == [("KW-FI-021", "C3")]


def test_a_cell_that_stands_twice_is_refused(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'
    assert refusal(write_book(tmp_path / "boek.xlsx", book_parts(rows))) == [("KW-FI-024", "B2")]


def test_a_shared_string_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="B2" t="s"><v>1</v></c></row>'
    assert refusal(write_book(tmp_path / "boek.xlsx", book_parts(rows, strings="<si><t>a</t></si>"))) == [
        ("KW-FI-010", "B2")
    ]


def test_a_string_bomb_is_refused(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 70_001))
    path = write_book(tmp_path / "boek.xlsx", book_parts(rows, strings=f"<si><t>{'x' * 32_767}</t></si>"))
    assert refusal(path) == [("KW-FI-019", None)]


def test_an_unknown_sheet_is_refused(tmp_path: Path) -> None:
    assert refusal(write_book(tmp_path / "boek.xlsx", book_parts()), "Blad2") == [("KW-FI-022", None)]


def test_tables_hidden_rows_and_merged_ranges_come_along(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["klant", "bedrag"], ["a", 1], ["b", 2], ["Totaal", 3]):
        sheet.append(row)
    sheet.insert_rows(1, 2)
    table = Table(displayName="tblKlanten", ref="A3:B6", totalsRowCount=1)
    table._initialise_columns()
    for column, name in zip(table.tableColumns, ("klant", "bedrag"), strict=True):
        column.name = name
    sheet.add_table(table)
    sheet.row_dimensions[5].hidden = True
    sheet.merge_cells("D1:E2")
    book.save(path := tmp_path / "boek.xlsx")
    found = read(path)
    assert found.tables == {"tblKlanten": (3, 1, 5, 2)}
    assert found.hidden_rows == {5}
    assert found.merged == ((1, 4, 2, 5),)
    assert (found.first_row, found.n_rows) == (3, 4)


def test_a_table_without_header_row_is_left_out(tmp_path: Path) -> None:
    parts = book_parts() | {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "table", "../tables/table1.xml")),
        "xl/tables/table1.xml": f'<table xmlns="{MAIN}" displayName="t" ref="A1:B2" headerRowCount="0"/>',
    }
    assert read(write_book(tmp_path / "boek.xlsx", parts)).tables == {}


def test_our_sheets_are_known_by_their_mark(tmp_path: Path) -> None:
    names = '<definedNames><definedName name="KW_OWNED" localSheetId="0">1</definedName></definedNames>'
    assert open_workbook_file(write_book(tmp_path / "a.xlsx", book_parts(names=names))).owned_sheets() == {"Blad1"}
    names = '<definedNames><definedName name="KW_OWNED">1</definedName></definedNames>'
    assert open_workbook_file(write_book(tmp_path / "b.xlsx", book_parts(names=names))).owned_sheets() == frozenset()


def test_blocks_join_without_losing_a_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n / 8}</v></c><c r="C{n}" t="inlineStr"><is><t>k{n % 7}</t></is></c></row>'
        for n in range(5, 400)
    )
    wanted = {f"A{n}": (Kind.NUMBER, n / 8) for n in range(5, 400)}
    wanted |= {f"C{n}": (Kind.TEXT, f"k{n % 7}") for n in range(5, 400)}
    for size in (1 << 20, 333, 41):
        monkeypatch.setattr("klantwaarde.workbook.sheet_part._BLOCK_BYTES", size)
        assert cells_of(crafted(tmp_path, rows)) == wanted


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separated_files_become_texts(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [["klant", "naam"], ["0123", 'Zoë "Zo" & Co'], ["", f"a{separator}b\r\nc"]]
    text = "".join(separator.join('"' + field.replace('"', '""') + '"' for field in line) + "\r\n" for line in lines)
    (path := tmp_path / "klanten.csv").write_bytes(text.encode(encoding))
    book = open_workbook_file(path)
    assert book.sheet_names() == ["klanten"]
    assert not book.package.writable
    wanted = {"A1": "klant", "B1": "naam", "A2": "0123", "B2": 'Zoë "Zo" & Co', "B3": f"a{separator}b\r\nc"}
    assert cells_of(book.read("klanten")) == {address: (Kind.TEXT, text) for address, text in wanted.items()}


def test_the_separator_line_of_excel_is_followed(tmp_path: Path) -> None:
    (path := tmp_path / "k.csv").write_text("sep=;\na,b;c\n", encoding="utf-8")
    assert cells_of(read(path)) == {"A1": (Kind.TEXT, "a,b"), "B1": (Kind.TEXT, "c")}


def test_an_unreadable_separated_file_is_refused(tmp_path: Path) -> None:
    (path := tmp_path / "k.csv").write_bytes(b'a;"b')
    assert refusal(path, "k") == [("KW-FI-025", None)]
    path.write_bytes(b"a;\x81\n")
    assert refusal(path, "k") == [("KW-FI-025", None)]


def test_damage_in_a_large_part_is_found_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klantwaarde.workbook.safety.CHECKED_AT_ONCE", 10)
    monkeypatch.setattr("klantwaarde.workbook.safety._PROLOGUE_BYTES", 10)
    path = write_book(tmp_path / "boek.xlsx", book_parts("".join(f'<row r="{n}"/>' for n in range(1, 9000))))
    content = bytearray(path.read_bytes())
    spot = content.index(b"sheet1.xml", content.index(b"xl/styles.xml")) + 5000
    content[spot] ^= 0xFF
    path.write_bytes(content)
    assert refusal(path) == [("KW-FI-010", None)]


def test_nothing_else_is_needed_than_the_sheet(tmp_path: Path) -> None:
    parts = book_parts()
    del parts["xl/styles.xml"], parts["xl/sharedStrings.xml"]
    assert RELATIONSHIPS in str(parts["_rels/.rels"])
    assert cells_of(read(write_book(tmp_path / "boek.xlsx", parts))) == {"A1": (Kind.NUMBER, 1.0)}
