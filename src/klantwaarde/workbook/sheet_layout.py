"""Report sheets laid out: title, status line, tiles, charts and tables, all in one look, of no file format."""

import math
from collections.abc import Iterator, Sequence

from klantwaarde.messages import label
from klantwaarde.report.blocks import Block, ChartBlock, Figure, Format, ReportSheet, TableBlock, TextBlock, TilesBlock
from klantwaarde.tables.raw import cell_address
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnChart, Place, Range, View
from klantwaarde.workbook.chart_style import category_format
from klantwaarde.workbook.result_table import draw_table, has_formula_cells, key_columns, table_widths

BULK_ROWS = 200  # a larger table at the end of a sheet is handed over
PAGE_WIDTH = 118.0  # characters: what A4 landscape shows at full size
FILLER_WIDTH = 11.0
TILES_PER_ROW, TILE_WIDTH = 6, 28.0
CHART_ROWS, CHART_GAP, LONE_CHART_WIDTH = 19, 16, 900  # rows of LINE_HEIGHT, pixels, pixels
FREEZE_ROWS = 14  # a header further down does not stay in view: too little of the sheet would scroll


def draw_sheet(spec: ReportSheet, *, bulk_above: int | None = None) -> Canvas:
    """Draw one sheet; of a table at its end with more rows than ``bulk_above``, only the first row, the others as bulk.

    Raises:
        WriteError: a text does not fit in a cell (KW-SA-019).
        ValueError: a block breaks its own declaration.
    """
    canvas = Canvas(spec.name, spec.language, _page_widths(spec.blocks))
    _draw_heading(canvas, spec)
    for group in _side_by_side(spec.blocks, spec.columns_per_row):
        block = group[0]
        if isinstance(block, ChartBlock):
            _draw_charts(canvas, [chart for chart in group if isinstance(chart, ChartBlock)], spec.columns_per_row)
        elif isinstance(block, TableBlock):
            large = bulk_above is not None and len(block.frame) > bulk_above and block is spec.blocks[-1]
            draw_table(canvas, block, bulk=large and not has_formula_cells(block.frame))
        elif isinstance(block, TilesBlock):
            _draw_tiles(canvas, block)
        else:
            _draw_text(canvas, block)
    canvas.view = _view(canvas, spec)
    return canvas


def _page_widths(blocks: Sequence[Block]) -> list[float]:
    """Widths of the page's columns: the widest need of each, filled up to the width of a page."""
    needs = [table_widths(block) for block in blocks if isinstance(block, TableBlock)]
    tiles = [len(block.figures) for block in blocks if isinstance(block, TilesBlock)]
    needs += [[TILE_WIDTH] * _tiles_per_row(count) for count in tiles]
    columns = max((len(need) for need in needs), default=0)
    widths = [max(need[i] for need in needs if i < len(need)) for i in range(columns)]
    while sum(widths) < PAGE_WIDTH:
        widths.append(FILLER_WIDTH)
    return widths


def _draw_heading(canvas: Canvas, spec: ReportSheet) -> None:
    canvas.line(spec.title, style="title", height=28)
    if spec.subtitle:
        canvas.line(spec.subtitle, style="subtitle")
    status = [spec.footer, label("report_calculated", spec.language)]
    canvas.line(" · ".join(part for part in status if part), style="subtitle")
    canvas.row += 1


def _side_by_side(blocks: Sequence[Block], columns: int) -> Iterator[list[Block]]:
    """Blocks in order; charts that follow each other together, as many as stand side by side."""
    group: list[Block] = []
    for block in blocks:
        if group and not (isinstance(block, ChartBlock) and isinstance(group[0], ChartBlock) and len(group) < columns):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _draw_text(canvas: Canvas, block: TextBlock) -> None:
    for text in block.lines:
        first = canvas.row
        canvas.line(text, style=block.style, height=22 if block.style == "heading" else None)
        if block.style == "warning":
            for row in range(first, canvas.row):
                for column in range(2, len(canvas.widths) + 1):
                    canvas.put(row, column, None, style="warning")
    canvas.row += block.style != "heading"


def _tiles_per_row(count: int) -> int:
    return math.ceil(count / math.ceil(count / TILES_PER_ROW)) if count else 0


def _draw_tiles(canvas: Canvas, block: TilesBlock) -> None:
    per_row = _tiles_per_row(len(block.figures))
    for index, figure in enumerate(block.figures):
        column = index % per_row + 1
        if column == 1 and index:
            canvas.row += 4
        _draw_tile(canvas, figure, column)
    canvas.row += 4


def _draw_tile(canvas: Canvas, figure: Figure, column: int) -> None:
    suffix = "" if figure.verdict == "none" else f"_{figure.verdict}"
    comment = figure.comment
    if figure.verdict != "none":
        sign = "▲" if figure.verdict == "good" else "▼"
        comment = f"{sign} {comment or label(f'report_{figure.verdict}', canvas.language)}"
    value = label("report_unknown", canvas.language) if figure.value is None else figure.value
    row = canvas.row
    canvas.put(row, column, figure.label, style=f"tile_label{suffix}")
    canvas.put(row + 1, column, value, style=f"tile_value{suffix}", number_format=figure.format)
    canvas.put(row + 2, column, comment, style=f"tile_comment{suffix}")
    for offset, height in enumerate((30, 28, 38, 8)):
        canvas.heights[row + offset] = height


def _draw_charts(canvas: Canvas, blocks: Sequence[ChartBlock], per_row: int) -> None:
    page = sum(look.pixels(width) for width in canvas.widths)
    width = min(page, LONE_CHART_WIDTH) if per_row == 1 else (page - CHART_GAP * (per_row - 1)) // per_row
    rows = CHART_ROWS
    for index, block in enumerate(blocks):
        column, offset = _cell_at(canvas.widths, index * (width + CHART_GAP))
        last_column, last_offset = _cell_at(canvas.widths, index * (width + CHART_GAP) + width)
        place = Place(canvas.row, column, offset, canvas.row + rows - 1, last_column, last_offset, width)
        canvas.charts.append(DrawnChart(block, _draw_figures(canvas, block), place))
        if block.note:
            canvas.put(canvas.row + rows, column, block.note, style="subtitle")
    for row in range(canvas.row, canvas.row + rows):
        canvas.heights[row] = look.LINE_HEIGHT
    canvas.row += rows + 1 + any(block.note for block in blocks)


def _cell_at(widths: Sequence[float], distance: int) -> tuple[int, int]:
    """The 1-based column in which a distance from the left edge falls, and the pixels left over."""
    for number, width in enumerate(widths, 1):
        if distance < look.pixels(width):
            return number, distance
        distance -= look.pixels(width)
    return len(widths) + 1, distance


def _draw_figures(canvas: Canvas, block: ChartBlock) -> Range:
    """The chart's figures right of the page, two columns free, each range below the one before it."""
    first, row = len(canvas.widths) + 3, max(canvas.row, canvas.figures_row)
    canvas.put(row, first, block.title, style="chart_figure")
    header = [block.category_title or label("report_category", canvas.language)]
    for offset, text in enumerate(header + [series.label for series in block.series]):
        canvas.put(row + 1, first + offset, text, style="chart_header")
        canvas.outer_widths[first + offset] = 18 if offset == 0 else 14
    formats: tuple[Format, Format] = ("percent" if category_format(block) == "0%" else "text", block.format)
    columns = [block.frame.iloc[:, 0], *(block.frame[series.column] for series in block.series)]
    for line, values in enumerate(zip(*columns, strict=True), row + 2):
        for offset, value in enumerate(values):
            canvas.put(line, first + offset, value, style="chart_figure", number_format=formats[bool(offset)])
    canvas.figures_row = row + len(block.frame) + 4
    return Range(canvas.name, row + 1, first, len(block.frame))


def _view(canvas: Canvas, spec: ReportSheet) -> View:
    dashboard = any(isinstance(block, TilesBlock) for block in spec.blocks)
    tables = [block for block in spec.blocks if isinstance(block, TableBlock)]
    header = canvas.tables[0].row if len(tables) == 1 else 0
    freeze = None
    if 0 < header <= FREEZE_ROWS and not dashboard:
        freeze = cell_address(header + 1, key_columns(tables[0], canvas.widths) + 1)
    return View(
        tab_colour=look.TABS.get(spec.room, look.BLUE),
        zoom=90 if dashboard else 100,
        freeze=freeze,
        title_rows=f"{header}:{header}" if header else None,
        print_area=f"A1:{cell_address(max(canvas.row - 1, 1), len(canvas.widths))}",
        fit_height=1 if dashboard else 0,
        footer_left=look.footer_text(f"{spec.title} · {spec.subtitle}"),
        footer_middle=look.footer_text(spec.footer, 120),
        footer_right=label("report_page", spec.language),
    )
