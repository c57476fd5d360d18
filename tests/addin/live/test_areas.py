"""Rectangles cover exactly the cells they are made of."""

from hypothesis import given
from hypothesis import strategies as st

from klantwaarde_addin.live.areas import Area, areas_of, around, spans

CELLS = st.dictionaries(st.tuples(st.integers(1, 8), st.integers(1, 8)), st.sampled_from("ab"), max_size=40)


def cells_in(area: Area) -> set[tuple[int, int]]:
    return {(row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1)}


@given(CELLS)
def test_areas_cover_every_cell_once_with_its_own_look(cells):
    covered: dict[tuple[int, int], str] = {}
    for area, look in areas_of(cells):
        for cell in cells_in(area):
            assert cell not in covered
            covered[cell] = look
    assert covered == cells


def test_a_filled_block_is_one_area():
    block = {(row, column): "a" for row in range(3, 60) for column in range(2, 9)}
    assert areas_of(block) == [(Area(3, 2, 59, 8), "a")]
    assert Area(3, 2, 59, 8).address == "B3:H59"


def test_blocks_with_a_gap_are_two_areas():
    assert areas_of({(1, 1): "a", (3, 1): "a"}) == [(Area(1, 1, 1, 1), "a"), (Area(3, 1, 3, 1), "a")]


@given(st.dictionaries(st.integers(1, 30), st.sampled_from([9.0, 12.0])))
def test_spans_hold_every_number_once(values):
    assert {number: value for first, last, value in spans(values) for number in range(first, last + 1)} == values


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(0, 3)), max_size=4), st.integers(0, 3))
def test_around_is_what_tables_leave_free(stack, below):
    tables, row = [], 1
    for height, width, gap in stack:
        row += gap
        tables.append(Area(row, 1, row + height - 1, width))
        row += height
    whole = Area(1, 1, max(row - 1 + below, 1), 5)
    free = cells_in(whole) - set().union(*(cells_in(table) for table in tables)) if tables else cells_in(whole)
    pieces = around(tables, whole)
    assert set().union(*(cells_in(piece) for piece in pieces)) == free if pieces else not free
    assert sum(len(cells_in(piece)) for piece in pieces) == len(free)
