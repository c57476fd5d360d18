"""Replacing result rows in a large book, against copying the book's bytes with fsync.

Usage: bench_writing.py [rows of the large sheet]
"""

import io
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import openpyxl
import xlsxwriter

from klantwaarde.workbook.package import BulkRows, graft
from klantwaarde.workbook.safety import file_hash
from klantwaarde.workbook.saving import save

RESULT_ROWS, RESULT_COLUMNS, ROUNDS = 20_000, 12, 5


def big_book(path: Path, rows: int) -> None:
    """A sheet of ``rows`` x 10: ids, dates, amounts."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Invoer_Factuurregels")
    amounts = np.random.default_rng(1).normal(250, 90, (rows, 7)).round(2).tolist()
    for row, values in enumerate(amounts):
        sheet.write_string(row, 0, f"F{row:07d}")
        sheet.write_string(row, 1, f"K{row * 7919 % 40_000:05d}")
        sheet.write_number(row, 2, 45_000 + row % 365)
        for column, value in enumerate(values, 3):
            sheet.write_number(row, column, value)
    book.close()


def result_donor() -> bytes:
    """Header and pattern row of a result table."""
    book = openpyxl.Workbook()
    book.active.title = "Uitkomst"
    book.active.append(["Klant"] + [f"Kolom {n}" for n in range(1, RESULT_COLUMNS)])
    book.active.append(["K00000"] + [1.5] * (RESULT_COLUMNS - 1))
    for cell in book.active[2][1:]:
        cell.number_format = "#,##0.00"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def copy_with_fsync(source: Path, target: Path) -> None:
    with source.open("rb") as old, target.open("wb") as new:
        shutil.copyfileobj(old, new, 1 << 20)
        new.flush()
        os.fsync(new.fileno())


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    generator = np.random.default_rng(2)
    columns: list[object] = [[f"K{n:05d}" for n in range(RESULT_ROWS)]]
    columns += [generator.normal(1000, 400, RESULT_ROWS).round(2) for _ in range(RESULT_COLUMNS - 1)]
    bulk, donor = {"Uitkomst": BulkRows(3, columns)}, result_donor()  # type: ignore[arg-type]
    with TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        source, book, copy = Path(folder, "source.xlsx"), Path(folder, "book.xlsx"), Path(folder, "copy.xlsx")
        big_book(source, rows)
        graft(source, book, donor, owned=frozenset(), bulk=bulk)
        read = file_hash(book)

        def refresh(place: Path) -> object:
            return graft(book, place, donor, owned=frozenset({"Uitkomst"}), bulk=bulk)

        measures: dict[str, Callable[[], object]] = {
            "copy with fsync": lambda: copy_with_fsync(book, copy),
            "graft": lambda: refresh(copy),
            "save (checks, hash, graft, fsync, backup, replace)": lambda: save(
                book, refresh, read_sha256=read, backups=1
            ),
        }
        found: dict[str, list[float]] = {name: [] for name in measures}
        for _ in range(ROUNDS):
            for name, action in measures.items():
                found[name].append(seconds(action))
        base = statistics.median(found["copy with fsync"])
        size, cells = book.stat().st_size / 1e6, RESULT_ROWS * RESULT_COLUMNS
        sys.stdout.write(f"{rows} x 10 rows, {size:.1f} MB; {cells} result cells\n")
        for name, times in found.items():
            middle = statistics.median(times)
            sys.stdout.write(f"{middle:8.3f} s  {middle / base:6.2f} x copy  {name}\n")


if __name__ == "__main__":
    main()
