"""Drawn sheets put into a workbook with openpyxl."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from klantwaarde.report.blocks import Formula
from klantwaarde.tables.raw import cell_address, column_letters
from klantwaarde.workbook import look
from klantwaarde.workbook.brush import Brush
from klantwaarde.workbook.canvas import Canvas, DrawnTable, Link, Mark, reference
from klantwaarde.workbook.charts import build_chart
from klantwaarde.workbook.finish import Value, finished_bytes


def book_bytes(canvases: Sequence[Canvas]) -> bytes:
    """A workbook file with the drawn sheets, in order; the first one is shown when it opens."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheets = [paint(workbook, canvas) for canvas in canvases]
    for sheet in sheets[:1]:
        sheet.sheet_view.tabSelected = True
    return finished_bytes(
        workbook,
        {canvas.name: _calculated(canvas) for canvas in canvases},
        {canvas.name: [(chart.block.id, chart.alt_text) for chart in canvas.charts] for canvas in canvases},
    )


def paint(workbook: Workbook, canvas: Canvas) -> Worksheet:
    """Add a drawn sheet to a workbook. Its bulk rows and the values of its formulas come later, in the package."""
    sheet = workbook.create_sheet(canvas.name)
    _paint_columns(sheet, canvas)
    _paint_cells(sheet, canvas, Brush(workbook, canvas.language))
    for row, height in canvas.heights.items():
        sheet.row_dimensions[row].height = height
    for table in canvas.tables:
        sheet.add_table(_excel_table(table))
    for chart in canvas.charts:
        sheet.add_chart(build_chart(chart))
    for mark in canvas.marks:
        sheet.conditional_formatting.add(mark.area, _rule(mark))
    for link in canvas.links:
        sheet.cell(link.row, link.column).hyperlink = _hyperlink(link, canvas)
    for name, area in canvas.names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=reference(canvas.name, area))
    _add_validations(sheet, canvas)
    _set_view(sheet, canvas)
    _set_page(sheet, canvas)
    return sheet


def _calculated(canvas: Canvas) -> dict[str, Value]:
    """The value of every formula, by address."""
    return {
        cell_address(*place): cell.content.value
        for place, cell in canvas.cells.items()
        if isinstance(cell.content, Formula)
    }


def _paint_columns(sheet: Worksheet, canvas: Canvas) -> None:
    widths = dict(enumerate(canvas.widths, 1)) | canvas.outer_widths
    for column, width in widths.items():
        sheet.column_dimensions[column_letters(column)].width = width
    for column in canvas.folded:
        dimension = sheet.column_dimensions[column_letters(column)]
        dimension.outlineLevel, dimension.hidden = 1, True


def _paint_cells(sheet: Worksheet, canvas: Canvas, brush: Brush) -> None:
    for (row, column), drawn in canvas.cells.items():
        content = drawn.content
        cell = sheet.cell(row, column, f"={content.text}" if isinstance(content, Formula) else content)
        if isinstance(content, str):
            cell.data_type = "s"
        brush.paint(cell, drawn.style, drawn.format)


def _excel_table(drawn: DrawnTable) -> Table:
    table = Table(displayName=drawn.name, name=drawn.name, ref=drawn.area)
    table.tableStyleInfo = TableStyleInfo(name=look.TABLE_STYLE, showRowStripes=False)
    table.autoFilter = AutoFilter(ref=drawn.area)
    for number, (header, text) in enumerate(zip(drawn.headers, drawn.formulas, strict=True), 1):
        formula = TableFormula(attr_text=text) if text else None
        table.tableColumns.append(TableColumn(id=number, name=header, calculatedColumnFormula=formula))
    return table


def _rule(mark: Mark) -> Rule:
    style = look.STYLES[mark.style]
    fill = PatternFill("solid", bgColor=style.fill)
    shown = DifferentialStyle(font=Font(bold=True, color=style.ink), fill=fill)
    return Rule(type="expression", formula=[mark.condition], dxf=shown)


def _hyperlink(link: Link, canvas: Canvas) -> Hyperlink:
    shown = str(canvas.cells[link.row, link.column].content)
    return Hyperlink(ref=cell_address(link.row, link.column), location=reference(link.sheet, "A1"), display=shown)


def _add_validations(sheet: Worksheet, canvas: Canvas) -> None:
    for hint in canvas.hints:
        message = DataValidation(showInputMessage=True, promptTitle=hint.title, prompt=hint.text, sqref=hint.cell)
        sheet.add_data_validation(message)
    for choices in canvas.lists:
        rule = DataValidation(
            type="list", formula1=f"={choices.name}", allow_blank=choices.allow_blank, showErrorMessage=True,
            errorStyle="warning", errorTitle=choices.title, error=choices.text, sqref=choices.area,
        )  # fmt: skip
        sheet.add_data_validation(rule)
    for bounds in canvas.bounds:
        rule = DataValidation(
            type=bounds.kind, operator="between", formula1=str(bounds.low), formula2=str(bounds.high),
            allow_blank=True, showErrorMessage=True, errorStyle="warning", errorTitle=bounds.title, error=bounds.text,
            sqref=bounds.area,
        )  # fmt: skip
        sheet.add_data_validation(rule)


def _set_view(sheet: Worksheet, canvas: Canvas) -> None:
    view = canvas.view
    sheet.sheet_view.showGridLines, sheet.sheet_view.zoomScale = view.gridlines, view.zoom
    sheet.sheet_properties.tabColor = view.tab_colour
    if view.freeze:
        sheet.freeze_panes = view.freeze


def _set_page(sheet: Worksheet, canvas: Canvas) -> None:
    """A4 landscape, one page wide, with title, period, stamp and page number in the footer."""
    view = canvas.view
    if view.title_rows:
        sheet.print_title_rows = view.title_rows
    if view.print_area:
        sheet.print_area = view.print_area
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", look.PAPER
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, view.fit_height
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side, inches in look.MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    footers = (view.footer_left, view.footer_middle, view.footer_right)
    left, middle, right = (_HeaderFooterPart(text, size=look.FOOTER_SIZE) for text in footers)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=left, center=middle, right=right)
