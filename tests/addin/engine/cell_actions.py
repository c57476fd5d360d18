"""Actions on cells: contents, looks and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.engine.action_target import Target, python_word
from addin.engine.range_looks import POINTS_PER_CHARACTER

if TYPE_CHECKING:
    from addin.engine.action_target import Actions


def write(member: str) -> Any:
    """Write a table of values or one for all cells; a null leaves its cell as it is."""

    def do(target: Target) -> None:
        values, cells = target.action["values"], target.cells
        if not isinstance(values, list) or all(value is not None for row in values for value in row):
            setattr(cells.impl, member, values)
            return
        for number, row in enumerate(values, start=1):
            for place, value in enumerate(row, start=1):
                if value is not None:
                    setattr(cells(number, place).impl, member, value)

    return do


def set_to(member: str, change: Any = None) -> Any:
    """Set a member of the cells to the first argument."""
    return lambda target: setattr(target.cells, member, change(target.first) if change else target.first)


def call(member: str) -> Any:
    return lambda target: getattr(target.cells, member)()


def set_colors(target: Target) -> None:
    target.cells.set_colors([[... if colour == "keep" else colour for colour in row] for row in target.first])


def set_border(target: Target) -> None:
    side, attribute, value = target.args
    setattr(target.cells.borders[side], attribute, value)


def set_validation_list(target: Target) -> None:
    payload, dropdown = target.args
    if payload["type"] == "range":
        twin = Target(target.book, payload)
        target.cells.data_validation.set_list(twin.cells, in_cell_dropdown=dropdown)
    else:
        source = target.book.names[payload["name"]] if payload["type"] == "name" else payload["values"]
        target.cells.data_validation.set_list(source, in_cell_dropdown=dropdown)


def set_validation_rule(target: Target) -> None:
    rule = target.first
    target.cells.impl.data_validation.set_rule(rule["type"], rule["operator"], rule["formula1"], rule["formula2"])


def add_rule(target: Target) -> None:
    """Add a conditional format; the words of Office.js become those of xlwings."""
    spec = dict(target.first)
    kind = {
        "CellValue": "cell_value",
        "Custom": "custom",
        "ColorScale": "color_scale",
        "DataBar": "data_bar",
        "IconSet": "icon_set",
    }[spec.pop("type")]
    if "operator" in spec:
        spec["operator"] = python_word(spec["operator"], base_classes.CONDITIONAL_FORMAT_OPERATORS)
    if "threshold_types" in spec:
        words = (*base_classes.CONDITIONAL_FORMAT_THRESHOLD_TYPES, "lowest_value", "highest_value", "automatic")
        spec["threshold_types"] = [python_word(word, words) for word in spec["threshold_types"]]
    if "icon_set" in spec:
        spec["icon_set"] = python_word(spec["icon_set"], base_classes.CONDITIONAL_FORMAT_ICON_SETS)
    getattr(target.cells.impl.conditional_formats, f"add_{kind}")(spec)


def add_link(target: Target) -> None:
    address, text, tip = target.args
    if text is None or tip is None:
        raise TypeError("addHyperlink: the client needs the text and the tip as well.")
    target.cells.add_hyperlink(address, text, tip)


def copy_cells(target: Target) -> None:
    target.cells.copy(target.cells_at(*target.args))


ACTIONS: Actions = {
    "setValues": write("raw_value"),
    "setFormula": write("formula"),
    "setFormulaArray": set_to("formula_array"),
    "setNumberFormat": set_to("number_format"),
    "setRangeColor": set_to("color"),
    "setRangeColors": set_colors,
    "setRowHeight": set_to("row_height"),
    "setColumnWidth": set_to("column_width", lambda points: (points - 3.75) / POINTS_PER_CHARACTER),
    "setWrapText": set_to("wrap_text"),
    "setHorizontalAlignment": set_to(
        "horizontal_alignment", lambda word: python_word(word, base_classes.HORIZONTAL_ALIGNMENTS)
    ),
    "setVerticalAlignment": set_to(
        "vertical_alignment", lambda word: python_word(word, base_classes.VERTICAL_ALIGNMENTS)
    ),
    "setRowHidden": lambda target: setattr(target.cells.rows, "hidden", target.first),
    "setColumnHidden": lambda target: setattr(target.cells.columns, "hidden", target.first),
    "setRangeName": set_to("name"),
    "setFontProperty": lambda target: setattr(target.cells.font, *target.args),
    "setBorderProperty": set_border,
    "setAutofit": lambda target: getattr(target.cells, target.first).autofit(),
    "setDataValidationList": set_validation_list,
    "setDataValidationRule": set_validation_rule,
    "deleteDataValidation": lambda target: target.cells.data_validation.delete(),
    "addConditionalFormat": add_rule,
    "clearConditionalFormats": lambda target: target.cells.conditional_formats.clear(),
    "addHyperlink": add_link,
    "addNote": lambda target: target.sheet.range(target.first).add_note(target.args[1]),
    "rangeAdjustIndent": lambda target: target.cells.adjust_indent(target.first),
    "rangeClear": call("clear"),
    "rangeClearContents": call("clear_contents"),
    "rangeClearFormats": call("clear_formats"),
    "rangeSelect": call("select"),
    "rangeUnmerge": call("unmerge"),
    "rangeMerge": lambda target: target.cells.merge(across=target.first),
    "copyRange": copy_cells,
    "moveRange": lambda target: target.cells.move(target.cells_at(*target.args)),
}
