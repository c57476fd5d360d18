"""Grafting into books made by XlsxWriter, read back by openpyxl, python-calamine and LibreOffice."""

import datetime as dt
import io
import re
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.table import Table, TableColumn
from python_calamine import load_workbook as calamine

from klantwaarde.messages import WriteError, catalogue
from klantwaarde.workbook.package import BulkRows, fill_table, graft, owned_sheets

pytestmark = pytest.mark.filterwarnings("ignore:.*not supported and will be removed")

OURS = frozenset({"Result"})
INDEX_PARTS = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/calcChain.xml",
}
PIVOT_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotCacheDefinition"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

TRICKY_TEXTS = ["=1+1", "_x000D_", "a\r\nb", " x ", "@SUM(A1)", "\t", "_x005F_x0041_", "<&>", "x\n"]
CELL_VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(TRICKY_TEXTS),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.integers(-(10**9), 10**9),
)
SIGNATURE = (
    '<Relationship Id="s" Target="_xmlsignatures/origin.sigs" '
    'Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"/>'
)


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\1\2\3")) + chunk(b"IEND", b"")
    )


def user_book(folder: Path, *, suffix: str = ".xlsx", **options: object) -> Path:
    """A book with about everything that openpyxl would lose."""
    path = folder / f"user{suffix}"
    book = xlsxwriter.Workbook(path, options)
    mine, other = book.add_worksheet("Mijn blad"), book.add_worksheet("Überzicht 'x' 2")
    bold = book.add_format({"bold": True, "num_format": "#,##0.00 €", "bg_color": "#FFEE00"})
    mine.write_row(0, 0, ["naam", 12.5, True], bold)
    mine.write_formula("B2", "=B1*2", bold, 25)
    mine.add_table("E1:F4", {"name": "tblMine", "data": [[1, 2], [3, 4], [5, 6]]})
    mine.insert_image("H1", "dot.png", {"image_data": io.BytesIO(png())})
    mine.data_validation("A5:A9", {"validate": "list", "source": ["ja", "nee"]})
    mine.conditional_format("B1:B9", {"type": "data_bar", "data_bar_2010": True})
    mine.add_sparkline("G1", {"range": "'Mijn blad'!E2:E4"})
    mine.write_comment("A1", "van de gebruiker")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='Mijn blad'!$E$2:$E$4"})
    other.insert_chart("B2", chart)
    other.repeat_rows(0)
    book.define_name("Totaal", "='Mijn blad'!$B$2")
    book.set_custom_property("Dossier", "A-1")
    if suffix == ".xlsm":
        (folder / "vba.bin").write_bytes(b"\xd0\xcf\x11\xe0 not a real project" * 40)
        book.add_vba_project(str(folder / "vba.bin"))
    book.close()
    return path


def edited(path: Path, edits: dict[str, Callable[[str], str]], extra: dict[str, bytes] | None = None) -> Path:
    """The same book with some parts rewritten as text, or added."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for name, edit in edits.items():
        parts[name] = edit(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in (parts | (extra or {})).items():
            target.writestr(name, content)
    return path


def donor_book(*names: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for name in names or ("Result",):
        sheet = book.active if name == (names or ("Result",))[0] else book.create_sheet()
        sheet.title = name
        sheet.append(["Klant", "Datum", "Bedrag", "Dubbel"])
        sheet.append(["=A&<b>_x0041_", dt.date(2025, 12, 31), 10.5, "=C2*2"])
        sheet["A2"].data_type = "s"
        sheet["A1"].font = Font(name="Arial", bold=True, color="FFFFFFFF")
        sheet["A1"].fill = PatternFill("solid", fgColor="FF1F4E79")
        sheet["A1"].border = Border(bottom=Side("thin", color="FF000000"))
        sheet["C2"].number_format, sheet["C2"].alignment = "#,##0.00;[Red]-#,##0.00", Alignment(horizontal="right")
        sheet["B2"].number_format = "dd-mm-yyyy"
    return book


def as_bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_table(sheet: object, name: str, ref: str) -> None:
    table = Table(displayName=name, ref=ref)
    headers = [cell.value for cell in sheet[ref][0]]  # type: ignore[index]
    table.tableColumns = [TableColumn(id=i, name=header) for i, header in enumerate(headers, 1)]
    sheet.add_table(table)  # type: ignore[attr-defined]


def rich_donor() -> bytes:
    book = donor_book()
    sheet = book["Result"]
    with_table(sheet, "outResult", "A1:D2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=2), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    sheet.conditional_formatting.add(
        "C2:C9", CellIsRule(operator="lessThan", formula=["0"], font=Font(color="FFC00000"))
    )
    sheet["A1"].hyperlink = "https://example.org/"
    sheet.print_title_rows, sheet.print_area = "1:1", "A1:D2"
    return as_bytes(book)


def raw_members(path: Path) -> dict[str, tuple[int, bytes]]:
    """CRC and compressed bytes of every member."""
    found = {}
    with zipfile.ZipFile(path) as package, path.open("rb") as stream:
        for info in package.infolist():
            stream.seek(info.header_offset + 26)
            name_length, extra_length = struct.unpack("<HH", stream.read(4))
            stream.seek(name_length + extra_length, 1)
            found[info.filename] = (info.CRC, stream.read(info.compress_size))
    return found


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(name)


def codes(error: WriteError) -> list[str]:
    return [fault.code for fault in error.faults]


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_every_other_part_keeps_its_compressed_bytes(tmp_path: Path, suffix: str) -> None:
    source, target = user_book(tmp_path, suffix=suffix), tmp_path / f"new{suffix}"
    summary = graft(source, target, rich_donor(), owned=frozenset())
    before, after = raw_members(source), raw_members(target)
    assert {name for name in before if after.get(name) != before[name]} <= INDEX_PARTS
    assert summary.added == ("Result",)
    assert set(after) - set(before) == set(summary.rewritten) - INDEX_PARTS
    assert zipfile.ZipFile(target).testzip() is None
    if suffix == ".xlsm":
        assert after["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]


def test_values_show_in_both_readers_and_text_never_becomes_a_formula(tmp_path: Path) -> None:
    target = tmp_path / "new.xlsx"
    graft(user_book(tmp_path), target, rich_donor(), owned=frozenset())
    rows = calamine(str(target)).get_sheet_by_name("Result").to_python()
    assert rows[1][:3] == ["=A&<b>_x0041_", dt.date(2025, 12, 31), 10.5]
    sheet = openpyxl.load_workbook(target)["Result"]
    assert sheet["A2"].data_type == "s" and sheet["D2"].value == "=C2*2"
    assert sheet["A1"].hyperlink.target == "https://example.org/"
    assert sheet.print_title_rows == "$1:$1" and sheet.print_area == "'Result'!$A$1:$D$2"
    assert list(sheet.tables) == ["outResult"] and len(sheet._charts) == 1


def test_styles_of_both_books_stay_as_they_were_drawn(tmp_path: Path) -> None:
    source, target, donor = user_book(tmp_path), tmp_path / "new.xlsx", rich_donor()
    graft(source, target, donor, owned=frozenset())
    after = openpyxl.load_workbook(target)
    for book, names in (
        (openpyxl.load_workbook(source), ["Mijn blad"]),
        (openpyxl.load_workbook(io.BytesIO(donor)), ["Result"]),
    ):
        for cell in (cell for name in names for row in book[name].iter_rows() for cell in row if cell.has_style):
            twin = after[cell.parent.title][cell.coordinate]
            for look in ("font", "fill", "border", "number_format", "alignment", "protection", "style"):
                assert repr(getattr(twin, look)) == repr(getattr(cell, look)), (cell.coordinate, look)
    rule = next(iter(after["Result"].conditional_formatting)).rules[0]
    assert rule.dxf.font.color.rgb == "FFC00000"


def test_a_second_refresh_gives_the_same_bytes_and_fifty_do_not_grow(tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    donor = rich_donor()
    graft(user_book(tmp_path), first, donor, owned=frozenset())
    styles = part(first, "xl/styles.xml")
    for _ in range(50):
        assert graft(first, second, donor, owned=owned_sheets(first)).replaced == ("Result",)
        assert second.read_bytes() == first.read_bytes()
        first, second = second, first
    assert part(first, "xl/styles.xml") == styles


def test_a_named_style_keeps_the_look_the_book_gives_it(tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for color, source, target, owned in (
        ("FFFF0000", user_book(tmp_path), first, frozenset()),
        ("FF00FF00", first, second, OURS),
    ):
        book = donor_book()
        book.add_named_style(NamedStyle("KW bad", font=Font(color=color)))
        book["Result"]["C2"].style = "KW bad"
        graft(source, target, as_bytes(book), owned=owned)
    after = openpyxl.load_workbook(second)
    assert after["Result"]["C2"].style == "KW bad"
    names = [
        element.get("name") for element in etree.fromstring(part(second, "xl/styles.xml")).iter(f"{MAIN}cellStyle")
    ]
    assert names.count("KW bad") == 1


def test_a_sheet_keeps_its_tab_and_others_are_removed_or_appended(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{n}.xlsx" for n in (1, 2, 3))
    graft(user_book(tmp_path), first, as_bytes(donor_book("A", "B")), owned=frozenset())
    marked = edited(first, {"xl/workbook.xml": lambda text: text.replace(
        "<definedNames>", '<definedNames><definedName name="Weg">A!$A$1+\'Mijn blad\'!$A$1</definedName>'
    ).replace("<workbookView ", '<workbookView activeTab="3" ')})  # fmt: skip
    summary = graft(marked, second, as_bytes(donor_book("B", "C")), owned=frozenset({"A", "B"}))
    assert (summary.added, summary.replaced, summary.removed) == (("C",), ("B",), ("A",))
    root = etree.fromstring(part(second, "xl/workbook.xml"))
    sheets = [(element.get("name"), element.get("sheetId")) for element in root.iter(f"{MAIN}sheet")]
    assert sheets == [("Mijn blad", "1"), ("Überzicht 'x' 2", "2"), ("B", "4"), ("C", "5")]
    assert next(root.iter(f"{MAIN}workbookView")).get("activeTab") == "2"
    scopes = [(name.get("name"), name.get("localSheetId"), name.text) for name in root.iter(f"{MAIN}definedName")]
    assert ("Weg", None, "#REF!$A$1+'Mijn blad'!$A$1") in scopes
    assert [scope for name, scope, _ in scopes if name == "KW_OWNED"] == ["2", "3"]
    assert next(scope for name, scope, _ in scopes if name == "_xlnm.Print_Titles") == "1"
    assert owned_sheets(second) == {"B", "C"}
    selected = [sheet.title for sheet in openpyxl.load_workbook(second) if sheet.sheet_view.tabSelected]
    assert selected == ["Mijn blad", "B"], "XlsxWriter marks the first sheet; ours is marked because it is active"
    graft(second, third, as_bytes(donor_book("C")), owned=frozenset({"B", "C"}))
    assert openpyxl.load_workbook(third).sheetnames == ["Mijn blad", "Überzicht 'x' 2", "C"]


def test_parts_of_a_replaced_sheet_go_unless_another_sheet_uses_them(tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    graft(user_book(tmp_path), first, rich_donor(), owned=frozenset())
    borrowed = edited(first, {"xl/drawings/_rels/drawing2.xml.rels": lambda text: text.replace(
        "</Relationships>", '<Relationship Id="rId9" Type="x/chart" Target="/xl/charts/chart2.xml"/></Relationships>'
    )})  # fmt: skip
    graft(borrowed, second, as_bytes(donor_book()), owned=OURS)
    names = set(zipfile.ZipFile(second).namelist())
    assert "xl/tables/table2.xml" not in names and "xl/charts/chart1.xml" in names
    assert "xl/charts/chart2.xml" in names, "a sheet of the user still points to it"
    types = etree.fromstring(part(second, "[Content_Types].xml"))
    assert {element.get("PartName", "/")[1:] for element in types} - {""} <= names


def test_comments_of_a_user_on_our_sheet_stay(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{n}.xlsx" for n in (1, 2, 3))
    noted = donor_book()
    noted["Result"]["C2"].comment = Comment("klopt dit?", "controller")
    graft(user_book(tmp_path), first, as_bytes(noted), owned=frozenset())
    graft(first, second, rich_donor(), owned=OURS)
    assert openpyxl.load_workbook(second)["Result"]["C2"].comment.text == "klopt dit?"
    assert b"legacyDrawing" in part(second, "xl/worksheets/sheet3.xml")
    graft(second, third, rich_donor(), owned=OURS)
    assert third.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("xl/workbook.xml", "<sheets>", '<workbookProtection lockStructure="1"/><sheets>'), "KW-SA-012"),
        (("_rels/.rels", "</Relationships>", SIGNATURE + "</Relationships>"), "KW-SA-013"),
        (("xl/workbook.xml", 'name="Mijn blad"', 'name="RESULT"'), "KW-SA-010"),
        (("xl/tables/table1.xml", 'displayName="tblMine"', 'displayName="OUTRESULT"'), "KW-SA-011"),
        (("xl/workbook.xml", 'name="Totaal"', 'name="outresult"'), "KW-SA-011"),
        (("xl/styles.xml", "<styleSheet", "<styleSheet <"), "KW-SA-014"),
        (("_rels/.rels", 'officeDocument"', 'somethingElse"'), "KW-SA-014"),
    ],
)  # fmt: skip
def test_a_book_that_must_not_be_changed_is_refused(tmp_path: Path, edit: tuple[str, str, str], code: str) -> None:
    name, old, new = edit
    source, target = user_book(tmp_path), tmp_path / "new.xlsx"
    assert old in part(source, name).decode()
    edited(source, {name: lambda text: text.replace(old, new)})
    with pytest.raises(WriteError) as caught:
        graft(source, target, rich_donor(), owned=frozenset())
    assert codes(caught.value) == [code] and not target.exists()


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    source, whole = tmp_path / "user.xlsx", user_book(tmp_path).read_bytes()
    for content in (b"", b"PK not a zip", whole[: len(whole) // 2]):
        source.write_bytes(content)
        with pytest.raises(WriteError) as caught:
            graft(source, tmp_path / "new.xlsx", rich_donor(), owned=frozenset())
        assert codes(caught.value) == ["KW-SA-014"]


def test_a_book_in_the_strict_variant_stays_strict(tmp_path: Path) -> None:
    def strict(text: str) -> str:
        return re.sub(r"http://schemas\.openxmlformats\.org/(spreadsheetml|drawingml|officeDocument)/2006/",
                      r"http://purl.oclc.org/ooxml/\1/", text)  # fmt: skip

    source, target = user_book(tmp_path), tmp_path / "new.xlsx"
    edited(source, {name: strict for name in zipfile.ZipFile(source).namelist() if name.endswith((".xml", ".rels"))})
    graft(source, target, rich_donor(), owned=frozenset())
    for name in zipfile.ZipFile(target).namelist():
        assert b"schemas.openxmlformats.org/spreadsheetml/2006" not in part(target, name), name
    assert calamine(str(target)).get_sheet_by_name("Result").to_python()[1][2] == 10.5


def test_a_bare_book_with_absolute_targets_and_data_descriptors_is_served(tmp_path: Path) -> None:
    class Unseekable(io.BytesIO):
        def tell(self) -> int:
            raise OSError

    out = Unseekable()
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application'
        '/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{office}/officeDocument"'
        ' Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<x:workbook xmlns:x="{main}" xmlns:r="{office}"><x:sheets><x:sheet name="S" sheetId="7" '
        'r:id="q"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="q" '
        f'Type="{office}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>4</v></c></row>'
        "</sheetData></worksheet>",
    }  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    source, target = tmp_path / "bare.xlsx", tmp_path / "new.xlsx"
    source.write_bytes(out.getvalue())
    assert zipfile.ZipFile(source).infolist()[0].flag_bits & 8
    graft(source, target, rich_donor(), owned=frozenset())
    after = openpyxl.load_workbook(target)
    assert after["S"]["A1"].value == 4 and after["Result"]["A1"].font.b
    assert calamine(str(target)).sheet_names == ["S", "Result"]


def test_dates_are_right_in_a_book_that_counts_from_1904(tmp_path: Path) -> None:
    source, target = user_book(tmp_path, date_1904=True), tmp_path / "new.xlsx"
    rows = {"Result": BulkRows(3, [["B"], np.array(["2024-02-29"], "datetime64[D]"), [1.0], [2.0]])}
    graft(source, target, as_bytes(donor_book()), owned=frozenset(), bulk=rows)
    sheet = openpyxl.load_workbook(target)["Result"]
    assert [sheet["B2"].value, sheet["B3"].value] == [dt.datetime(2025, 12, 31), dt.datetime(2024, 2, 29)]


def test_excel_recalculates_and_the_calculation_chain_goes(tmp_path: Path) -> None:
    source, target = user_book(tmp_path), tmp_path / "new.xlsx"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    edited(
        source,
        {
            "xl/_rels/workbook.xml.rels": lambda text: text.replace(
                "</Relationships>", f'<Relationship Id="c" Type="{kind}" Target="calcChain.xml"/></Relationships>'
            ),
            "[Content_Types].xml": lambda text: text.replace(
                "</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="x/calc"/></Types>'
            ),
        },
        {"xl/calcChain.xml": b"<calcChain/>"},
    )
    graft(source, target, rich_donor(), owned=frozenset())
    assert b'fullCalcOnLoad="1"' in part(target, "xl/workbook.xml")
    assert "xl/calcChain.xml" not in zipfile.ZipFile(target).namelist()
    assert b"alcChain" not in part(target, "[Content_Types].xml") + part(target, "xl/_rels/workbook.xml.rels")


def test_a_pivot_on_our_table_refreshes_when_the_book_opens_and_others_do_not(tmp_path: Path) -> None:
    source, target = user_book(tmp_path), tmp_path / "new.xlsx"
    cache = (
        f'<pivotCacheDefinition xmlns="{MAIN[1:-1]}"><cacheSource type="worksheet"><worksheetSource name="NAME"/>'
        "</cacheSource></pivotCacheDefinition>"
    )
    relations = "".join(f'<Relationship Id="p{n}" Type="{PIVOT_TYPE}" Target="pivotCache/p{n}.xml"/>' for n in (1, 2))
    extra = {
        "xl/pivotCache/p1.xml": cache.replace("NAME", "outResult").encode(),
        "xl/pivotCache/p2.xml": cache.replace("NAME", "tblMine").encode(),
    }
    edited(
        source,
        {"xl/_rels/workbook.xml.rels": lambda text: text.replace("</Relationships>", relations + "</Relationships>")},
        extra,
    )
    graft(source, target, rich_donor(), owned=frozenset())
    assert b'refreshOnLoad="1"' in part(target, "xl/pivotCache/p1.xml")
    assert part(target, "xl/pivotCache/p2.xml") == extra["xl/pivotCache/p2.xml"]


def test_bulk_rows_follow_the_pattern_of_the_first_row(tmp_path: Path) -> None:
    target, n = tmp_path / "new.xlsx", 5_000
    book = donor_book()
    book["Result"]["F4"] = "naast de tabel"
    amounts = np.arange(n) / 7
    amounts[3] = np.nan
    columns = [
        pd.Series([f"klant {i}" for i in range(n)]),
        pd.date_range("2024-01-01", periods=n),
        amounts,
        2 * amounts,
    ]
    graft(user_book(tmp_path), target, as_bytes(book), owned=frozenset(), bulk={"Result": BulkRows(3, columns)})
    sheet = openpyxl.load_workbook(target)["Result"]
    cached = openpyxl.load_workbook(target, data_only=True)["Result"]
    assert sheet.dimensions == f"A1:F{n + 2}" and sheet["F4"].value == "naast de tabel"
    for offset in (0, 3, 4_095, 4_096, n - 1):
        row = 3 + offset
        assert sheet.cell(row, 1).value == f"klant {offset}"
        assert sheet.cell(row, 2).value == dt.datetime(2024, 1, 1) + dt.timedelta(days=offset)
        assert sheet.cell(row, 3).value == (None if offset == 3 else offset / 7)
        assert sheet.cell(row, 4).value == "=C2*2" and cached.cell(row, 4).value == (
            None if offset == 3 else offset * 2 / 7
        )
        assert sheet.cell(row, 3).number_format == sheet["C2"].number_format
    assert b'<dimension ref="A1:F5002"/>' in part(target, "xl/worksheets/sheet3.xml")


@settings(max_examples=60)
@given(st.lists(CELL_VALUES, min_size=1, max_size=30))
def test_any_value_is_read_back_as_it_was(values: list[object]) -> None:
    with TemporaryDirectory() as folder:
        book = openpyxl.Workbook()
        book.active.title = "Result"
        book.active["A1"], book.active["B1"] = "eerste", "x"
        out, target = io.BytesIO(), Path(folder) / "new.xlsx"
        xlsxwriter.Workbook(out).close()
        source = Path(folder) / "user.xlsx"
        source.write_bytes(out.getvalue())
        graft(
            source,
            target,
            as_bytes(book),
            owned=frozenset(),
            bulk={"Result": BulkRows(2, [values, ["x"] * len(values)])},
        )
        shown = [row[0] for row in calamine(str(target)).get_sheet_by_name("Result").to_python()[1:]]
    unwritable = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    for value, read in zip(values, shown, strict=True):
        expected = unwritable.sub("", value.replace("\r\n", "\n")) if isinstance(value, str) else value
        assert read == expected and isinstance(read, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    ("rows", "code"),
    [(BulkRows(3, [["x" * 32_768]]), "KW-SA-019"), (BulkRows(1_048_576, [[1.0, 2.0]]), "KW-SA-020")],
)
def test_what_does_not_fit_is_refused_and_leaves_no_file(tmp_path: Path, rows: BulkRows, code: str) -> None:
    book = donor_book()
    book["Result"].cell(rows.first_row - 1, 1, "patroon")
    target = tmp_path / "new.xlsx"
    with pytest.raises(WriteError) as caught:
        graft(user_book(tmp_path), target, as_bytes(book), owned=frozenset(), bulk={"Result": rows})
    assert codes(caught.value) == [code] and not target.exists()


def test_an_infinite_number_is_a_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="infinite"):
        graft(user_book(tmp_path), tmp_path / "new.xlsx", as_bytes(donor_book()), owned=frozenset(),
              bulk={"Result": BulkRows(3, [np.array([np.inf])])})  # fmt: skip


def input_book(folder: Path, *, below: bool = False, total_row: bool = False) -> Path:
    path = folder / "input.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Invoer")
    money, day = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "dd-mm-yyyy"})
    for row in range(3, 6):
        sheet.write(row, 1, f"oud {row}")
        sheet.write(row, 2, row * 1.5, money)
        sheet.write(row, 3, 45_000 + row, day)
    sheet.add_table(
        2,
        1,
        6 if total_row else 5,
        3,
        {"name": "tblIn", "total_row": total_row, "columns": [{"header": h} for h in ("naam", "bedrag", "datum")]},
    )
    sheet.write("A4", "links"), sheet.write("G6", "rechts"), sheet.write_formula("G9", "=SUM(tblIn[bedrag])", None, 0)
    sheet.data_validation("B4:B6", {"validate": "list", "source": ["a", "b"]})
    sheet.data_validation("G4:G6", {"validate": "list", "source": ["a", "b"]})
    if below:
        sheet.write("C9", "onder")
    book.close()
    return path


@pytest.mark.parametrize("n", [0, 1, 3, 2_000])
def test_an_input_table_grows_and_shrinks_and_what_is_beside_it_stays(tmp_path: Path, n: int) -> None:
    source, target = input_book(tmp_path), tmp_path / "new.xlsx"
    columns = [[f"nieuw {i}" for i in range(n)], np.arange(n) + 0.25, pd.date_range("2025-01-01", periods=n)]
    fill_table(source, target, {"tblIn": columns})
    sheet = openpyxl.load_workbook(target)["Invoer"]
    last = 3 + max(n, 1)
    assert sheet.tables["tblIn"].ref == sheet.tables["tblIn"].autoFilter.ref == f"B3:D{last}"
    rows = [[cell.value for cell in row] for row in sheet[f"B4:D{max(last, 8)}"]]
    expected = [[f"nieuw {i}", i + 0.25, dt.datetime(2025, 1, 1) + dt.timedelta(days=i)] for i in range(n)]
    assert rows[:n] == expected and not any(value for row in rows[n:] for value in row)
    assert [sheet[a].value for a in ("B3", "A4", "G6", "G9")] == ["naam", "links", "rechts", "=SUM(tblIn[bedrag])"]
    assert {sheet.cell(row, 3).number_format for row in range(4, 4 + n)} <= {"0.00"}
    lists = sorted(str(rule.sqref) for rule in sheet.data_validations.dataValidation)
    assert lists == sorted([f"B4:B{last}" if last > 4 else "B4", "G4:G6"])
    assert calamine(str(target)).get_sheet_by_name("Invoer").end == (max(last, 9) - 1, 6)
    before, after = raw_members(source), raw_members(target)
    changed = {name for name in before if after[name] != before[name]}
    assert changed <= {"xl/workbook.xml", "xl/tables/table1.xml", "xl/worksheets/sheet1.xml"}


@pytest.mark.parametrize(
    ("book", "tables", "code"),
    [
        ({"below": True}, {"tblIn": [["a"]] * 3}, "KW-SA-015"),
        ({}, {"tblOther": [["a"]] * 3}, "KW-SA-016"),
        ({}, {"tblIn": [["a"]] * 2}, "KW-SA-017"),
        ({"total_row": True}, {"tblIn": [["a"]] * 3}, "KW-SA-018"),
        ({}, {"tblIn": [np.zeros(1_048_575)] * 3}, "KW-SA-020"),
    ],
)
def test_a_table_that_cannot_be_filled_is_refused(
    tmp_path: Path, book: dict[str, bool], tables: dict[str, list[object]], code: str
) -> None:
    target = tmp_path / "new.xlsx"
    with pytest.raises(WriteError) as caught:
        fill_table(input_book(tmp_path, **book), target, tables)  # type: ignore[arg-type]
    assert codes(caught.value) == [code] and not target.exists()


def test_a_sheet_with_prefixed_tags_can_be_filled(tmp_path: Path) -> None:
    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)(?=[a-z])(?!\?)", r"<\1x:", text)
        return text.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=")

    source, target = input_book(tmp_path), tmp_path / "new.xlsx"
    edited(source, {"xl/worksheets/sheet1.xml": prefixed})
    fill_table(source, target, {"tblIn": [["a", "b"], [1.0, 2.0], [3.0, 4.0]]})
    sheet = openpyxl.load_workbook(target)["Invoer"]
    assert [sheet[a].value for a in ("A4", "B4", "C5", "G6")] == ["links", "a", 2, "rechts"]


def test_libreoffice_opens_and_recalculates_the_result_without_error_cells(tmp_path: Path) -> None:
    target = tmp_path / "new.xlsx"
    graft(user_book(tmp_path), target, rich_donor(), owned=frozenset())
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(target)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    content = part(tmp_path / "new.ods", "content.xml").decode()
    assert (
        'table:name="Result"' in content
        and "Err:" not in content
        and "#NAME?" not in content
        and "#REF!" not in content
    )
    result = content[content.index('table:name="Result"') :]
    assert 'office:value="21"' in result, "the formula C2*2 was calculated"


def test_every_message_exists_in_both_languages_with_all_its_parts() -> None:
    ours = {f"KW-SA-{number:03d}" for number in (*range(1, 9), *range(10, 22))}
    for language in ("nl", "en"):
        texts = catalogue(language)
        assert ours <= set(texts)
        assert all(set(texts[code]) == {"what", "expected", "advice"} for code in ours)


def test_a_donor_with_shared_rich_texts_and_cached_results_is_taken_over(tmp_path: Path) -> None:
    donor, target = tmp_path / "donor.xlsx", tmp_path / "new.xlsx"
    book = xlsxwriter.Workbook(donor)
    sheet = book.add_worksheet("Result")
    sheet.write_string("A1", "gedeeld")
    sheet.write_rich_string("A2", "half ", book.add_format({"bold": True}), "vet")
    sheet.write_formula("A3", '="a"&"b"', None, "ab")
    flagged = book.add_format({"num_format": '0.000" stuks"', "bold": True})
    sheet.conditional_format("B1:B2", {"type": "cell", "criteria": ">", "value": 1, "format": flagged})
    book.close()
    graft(user_book(tmp_path), target, donor.read_bytes(), owned=frozenset())
    assert calamine(str(target)).get_sheet_by_name("Result").to_python() == [["gedeeld"], ["half vet"], ["ab"]]
    after = openpyxl.load_workbook(target)
    rule = next(iter(after["Result"].conditional_formatting)).rules[0]
    assert rule.dxf.numFmt.formatCode == '0.000" stuks"'
    assert openpyxl.load_workbook(target, rich_text=True)["Result"]["A2"].value[1].font.b


def test_a_large_table_without_its_pattern_row_is_a_fault_of_ours(tmp_path: Path) -> None:
    rows = {"Result": BulkRows(9, [[1.0]])}
    with pytest.raises(ValueError, match="row 8"):
        graft(user_book(tmp_path), tmp_path / "new.xlsx", as_bytes(donor_book()), owned=frozenset(), bulk=rows)


def test_a_book_is_never_written_onto_itself(tmp_path: Path) -> None:
    source = user_book(tmp_path)
    before = source.read_bytes()
    with pytest.raises(ValueError, match="two files"):
        graft(source, source, rich_donor(), owned=frozenset())
    with pytest.raises(ValueError, match="two files"):
        fill_table(source, source, {})
    assert source.read_bytes() == before


def test_two_tables_to_fill_on_one_sheet_are_refused(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "two.xlsx")
    sheet = book.add_worksheet()
    for name, ref in (("tblOne", "A1:A3"), ("tblTwo", "C1:C3")):
        sheet.add_table(ref, {"name": name})
    book.close()
    with pytest.raises(WriteError) as caught:
        fill_table(tmp_path / "two.xlsx", tmp_path / "new.xlsx", {"tblOne": [["a"]], "tblTwo": [["b"]]})
    assert codes(caught.value) == ["KW-SA-021", "KW-SA-021"]
