"""Which looks a live sheet gets: whole columns where rows agree, single cells where they do not."""

from klantwaarde.workbook.canvas import Canvas, DrawnCell, DrawnTable
from klantwaarde_addin.live.areas import Area
from klantwaarde_addin.live.dress import Look, looks_of


def drawn(rows: list[tuple[str, str]]) -> Canvas:
    """A table of two columns below row 1: a text, and a number in the format of its row."""
    canvas = Canvas("Blad", "nl", [10.0, 10.0])
    for row, (text, number_format) in enumerate(rows, 2):
        canvas.cells[row, 1] = DrawnCell(text, "calculation", "text")
        canvas.cells[row, 2] = DrawnCell(1.0, "calculation", number_format)
    canvas.tables.append(DrawnTable("outMeasures", 1, 1, len(rows), ("maat", "waarde"), (None, None)))
    return canvas


def test_a_column_of_one_format_is_dressed_as_a_whole():
    looks = looks_of(drawn([("omzet", "money"), ("marge", "money")]))
    assert looks.loose == {}
    assert looks.bodies == [
        (Area(2, 1, 3, 2), {(0, 1): Look("calculation", "text"), (0, 2): Look("calculation", "money")})
    ]


def test_a_column_of_measures_keeps_the_format_of_every_row():
    looks = looks_of(drawn([("klanten", "integer"), ("aandeel", "percent")]))
    assert looks.loose == {(2, 2): Look("calculation", "integer"), (3, 2): Look("calculation", "percent")}
    assert looks.bodies == [(Area(2, 1, 3, 2), {(0, 1): Look("calculation", "text")})]
