"""How fast a large sheet is read, beside other readers on the same file in the same run.

    python tests/benchmarks/bench_reading.py [rows]

Writes a book of ``rows`` x 10 (default 200,000) to a temporary folder, reads it a few times with every reader that is
installed, in turn, and prints the fastest time of each and its ratio to fastexcel (Arrow).
"""

import argparse
import importlib
import importlib.util
import random
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from klantwaarde.workbook.reading import open_workbook_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CUSTOMERS, PRODUCTS, REGIONS = 100_000, 5_000, 4
ROUNDS = 3
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Regels" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def strings() -> Iterator[str]:
    """The shared strings: customers, products, regions."""
    yield f'<sst xmlns="{MAIN}">'
    yield from (f"<si><t>Klant &amp; Zoon {number:06d}</t></si>" for number in range(CUSTOMERS))
    yield from (f"<si><t>Artikel {number}</t></si>" for number in range(PRODUCTS))
    yield from (f"<si><t>Regio {number}</t></si>" for number in range(REGIONS))
    yield "</sst>"


def sheet(rows: int) -> Iterator[str]:
    """Invoice lines as Excel saves them: invoice, date, customer, id, product, quantity, amount, cost, region, date due."""
    chance = random.Random(7)
    yield f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'
    for row in range(1, rows + 1):
        customer, product = chance.randrange(CUSTOMERS), CUSTOMERS + chance.randrange(PRODUCTS)
        amount, day = chance.random() * 5000, 45_000 + row % 700
        yield (
            f'<row r="{row}" spans="1:10"><c r="A{row}"><v>{500_000 + row // 4}</v></c><c r="B{row}" s="1"><v>{day}</v></c>'
            f'<c r="C{row}" t="s"><v>{customer}</v></c><c r="D{row}"><v>{customer}</v></c>'
            f'<c r="E{row}" t="s"><v>{product}</v></c><c r="F{row}"><v>{chance.randrange(50)}</v></c>'
            f'<c r="G{row}" s="2"><v>{amount:.2f}</v></c><c r="H{row}" s="2"><v>{amount * 0.83!r}</v></c>'
            f'<c r="I{row}" t="s"><v>{CUSTOMERS + PRODUCTS + row % REGIONS}</v></c><c r="J{row}" s="1"><v>{day + 30}</v></c></row>'
        )
    yield "</sheetData></worksheet>"


def write_book(path: Path, rows: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        for name, pieces in (("xl/sharedStrings.xml", strings()), ("xl/worksheets/sheet1.xml", sheet(rows))):
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece.encode())


def read_ours(path: Path) -> None:
    open_workbook_file(path).read("Regels")


def read_calamine(path: Path) -> None:
    importlib.import_module("python_calamine").load_workbook(path).get_sheet_by_index(0).to_python()


def read_fastexcel(path: Path) -> None:
    importlib.import_module("fastexcel").read_excel(path).load_sheet(0, header_row=None).to_arrow()


READERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "fastexcel to Arrow": ("fastexcel", read_fastexcel),
    "klantwaarde": ("klantwaarde", read_ours),
    "python-calamine to lists": ("python_calamine", read_calamine),
}


def seconds(reader: Callable[[Path], None], path: Path) -> float:
    start = time.perf_counter()
    reader(path)
    return time.perf_counter() - start


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", type=int, nargs="?", default=200_000)
    rows = arguments.parse_args().rows
    readers = {name: reader for name, (module, reader) in READERS.items() if importlib.util.find_spec(module)}
    with tempfile.TemporaryDirectory() as folder:
        write_book(path := Path(folder) / "boek.xlsx", rows)
        times: dict[str, list[float]] = {name: [] for name in readers}
        for _ in range(ROUNDS):
            for name, reader in readers.items():
                times[name].append(seconds(reader, path))
        size = path.stat().st_size / 1e6
    fastest = {name: min(found) for name, found in times.items()}
    reference = next(iter(fastest.values()))
    print(f"{rows:,} x 10 cells, {size:.0f} MB; ratio to {next(iter(fastest))}")
    for name, best in fastest.items():
        print(f"{name:26} {best:7.2f} s {best / reference:6.2f}")


if __name__ == "__main__":
    main()
