"""Actions on the application, the book, its sheets, its names and its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.engine.sheet_settings import FreezePanes

if TYPE_CHECKING:
    from xlwings.main import Names, Table

    from addin.engine.action_target import Actions, Target


def add_sheet(target: Target) -> None:
    """Add a sheet at its position; the client does not go to it."""
    position, name = target.args
    workbook, active = target.book.impl.workbook, target.book.sheets.active
    made = target.book.sheets.add(name, after=target.book.sheets[-1])
    workbook._sheets.remove(made.impl.ws)
    workbook._sheets.insert(position, made.impl.ws)
    active.activate()


def copy_sheet(target: Target) -> None:
    side, position, name = target.args
    target.sheet.copy(**{side.lower(): target.book.sheets[position]}, name=name)


def move_sheet(target: Target) -> None:
    sheets, moved, active = target.book.impl.workbook._sheets, target.sheet.impl.ws, target.book.sheets.active
    sheets.remove(moved)
    sheets.insert(target.first, moved)
    active.activate()


def of_sheet(member: str) -> Any:
    return lambda target: getattr(target.sheet, member)()


def names(target: Target) -> Names:
    """Those of the sheet that the action names, else those of the book."""
    return target.book.names if target.action["sheet_position"] is None else target.sheet.names


def scoped_names(target: Target, book_scope: bool, position: int | None) -> Names:
    return target.book.names if book_scope else target.book.sheets[position].names


def set_refers_to(target: Target) -> None:
    name, book_scope, position, refers_to = target.args
    scoped_names(target, book_scope, position)[name].refers_to = refers_to


def delete_name(target: Target) -> None:
    _, _, name, _, book_scope, position = target.args
    scoped_names(target, book_scope, position)[name].delete()


def add_table(target: Target) -> None:
    address, has_headers, style, name = target.args
    target.sheet.tables.add(target.sheet.range(address), name=name, has_headers=has_headers, table_style_name=style)


def table(target: Target) -> Table:
    return target.sheet.tables[target.first]


def set_of_table(member: str) -> Any:
    return lambda target: setattr(table(target), member, target.args[1])


def say(target: Target) -> None:
    prompt, title, buttons, mode, callback = target.args
    target.book.app.alert(prompt, title, buttons or "ok", mode or None, callback or None)


ACTIONS: Actions = {
    "addSheet": add_sheet,
    "copySheet": copy_sheet,
    "setSheetPosition": move_sheet,
    "setSheetName": lambda target: setattr(target.sheet, "name", target.first),
    "setSheetVisibility": lambda target: setattr(target.sheet, "visible", target.first == "Visible"),
    "setShowGridlines": lambda target: setattr(target.sheet.impl.ws.sheet_view, "showGridLines", target.first),
    "setPrintArea": lambda target: setattr(target.sheet.page_setup, "print_area", target.first),
    "setSheetAutofit": lambda target: target.sheet.autofit(target.first),
    "activateSheet": lambda target: target.book.sheets[target.first].activate(),
    "sheetDelete": of_sheet("delete"),
    "sheetClear": of_sheet("clear"),
    "sheetClearContents": of_sheet("clear_contents"),
    "sheetClearFormats": of_sheet("clear_formats"),
    "freezePaneAtRange": lambda target: FreezePanes(target.sheet.impl.ws).freeze_at(target.first),
    "freezePaneUnfreeze": lambda target: FreezePanes(target.sheet.impl.ws).unfreeze(),
    "namesAdd": lambda target: names(target).add(*target.args),
    "setNameRefersTo": set_refers_to,
    "nameDelete": delete_name,
    "addTable": add_table,
    "setTableName": set_of_table("name"),
    "setTableStyle": set_of_table("table_style"),
    "resizeTable": lambda target: table(target).resize(target.sheet.range(target.args[1])),
    "addTableColumn": lambda target: table(target).columns.add(target.args[2], target.args[1] + 1),
    "deleteTableColumn": lambda target: table(target).columns[target.args[1]].delete(),
    "showAutofilterTable": set_of_table("show_autofilter"),
    "showTableStyleFirstColumn": set_of_table("show_table_style_first_column"),
    "showTableStyleLastColumn": set_of_table("show_table_style_last_column"),
    "showTableStyleRowStripes": set_of_table("show_table_style_row_stripes"),
    "showTableStyleColumnStripes": set_of_table("show_table_style_column_stripes"),
    "alert": say,
    "calculate": lambda target: target.book.app.calculate(),
    "setCalculation": lambda target: setattr(
        target.book.app, "calculation", target.first.lower().replace("automaticexcepttables", "semiautomatic")
    ),
    "setScreenUpdating": lambda target: setattr(target.book.app, "screen_updating", target.first),
    "save": lambda target: target.book.save(),
}
