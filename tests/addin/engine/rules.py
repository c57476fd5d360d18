"""Conditional formats and data validation, kept as openpyxl rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import ColorScaleRule, DataBarRule, IconSetRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation as SheetValidation
from xlwings import base_classes

from addin.engine.areas import Area, from_address
from addin.engine.com import ComError, com_object
from addin.engine.members import Members
from addin.engine.range_looks import argb_of
from addin.engine.rewriting import quoted

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.ranges import Range

OPERATORS = {
    "between": "between",
    "not_between": "notBetween",
    "equal_to": "equal",
    "not_equal_to": "notEqual",
    "greater_than": "greaterThan",
    "less_than": "lessThan",
    "greater_than_or_equal": "greaterThanOrEqual",
    "less_than_or_equal": "lessThanOrEqual",
}
VALIDATIONS = {
    "whole_number": "whole",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "text_length": "textLength",
    "custom": "custom",
    "list": "list",
}
THRESHOLDS = {
    "number": "num",
    "percent": "percent",
    "percentile": "percentile",
    "lowest_value": "min",
    "highest_value": "max",
    "automatic": "min",
}
ICON_SETS = {
    "3_arrows": "3Arrows", "3_arrows_gray": "3ArrowsGray", "3_flags": "3Flags", "3_traffic_lights_1": "3TrafficLights1",
    "3_traffic_lights_2": "3TrafficLights2", "3_signs": "3Signs", "3_symbols": "3Symbols", "3_symbols_2": "3Symbols2",
    "4_arrows": "4Arrows", "4_arrows_gray": "4ArrowsGray", "4_red_to_black": "4RedToBlack", "4_rating": "4Rating",
    "4_traffic_lights": "4TrafficLights", "5_arrows": "5Arrows", "5_arrows_gray": "5ArrowsGray", "5_rating": "5Rating", "5_quarters": "5Quarters",
}  # fmt: skip
FIRST = 1


def _operand(value: Any) -> str:
    return str(value).removeprefix("=")


def _style(spec: dict[str, Any]) -> DifferentialStyle:
    fill, font = spec.get("fill_color"), spec.get("font_color")
    return DifferentialStyle(
        fill=PatternFill(bgColor=argb_of(fill)) if fill else None,
        font=Font(color=argb_of(font) if font else None, bold=spec.get("font_bold"), italic=spec.get("font_italic")),
    )


@com_object
class ConditionalFormat(base_classes.ConditionalFormat):
    """One rule, in the words it was made with."""

    def __init__(self, sheet: Worksheet, rule: Rule) -> None:
        self._ws = sheet
        self._rule = rule

    @property
    def api(self) -> None:
        return None

    @property
    def type(self) -> str:
        names = {
            "cellIs": "cell_value",
            "expression": "custom",
            "colorScale": "color_scale",
            "dataBar": "data_bar",
            "iconSet": "icon_set",
        }
        return names.get(self._rule.type, "unknown")

    @property
    def formula(self) -> str | None:
        return f"={self._rule.formula[0]}" if self._rule.type == "expression" else None

    @property
    def stop_if_true(self) -> bool | None:
        return bool(self._rule.stopIfTrue)

    def delete(self) -> None:
        keep_rules(self._ws, lambda _, rule: rule is not self._rule)


@com_object
class ConditionalFormats(Members[ConditionalFormat], base_classes.ConditionalFormats):
    """The rules that touch a block of cells; a new rule comes first."""

    def __init__(self, cells: Range) -> None:
        self._range = cells

    def _members(self) -> list[ConditionalFormat]:
        sheet = self._range._ws
        found = [
            rule
            for block in sheet.conditional_formatting
            if _touches(str(block.sqref), self._range.area)
            for rule in block.rules
        ]
        return [ConditionalFormat(sheet, rule) for rule in sorted(found, key=lambda rule: rule.priority)]

    def _add(self, rule: Rule, spec: dict[str, Any]) -> ConditionalFormat:
        sheet = self._range._ws
        rule.stopIfTrue = spec.get("stop_if_true") or None
        for block in sheet.conditional_formatting:
            for other in block.rules:
                other.priority += 1
        sheet.conditional_formatting.add(self._range.area.ref, rule)
        rule.priority = FIRST
        return ConditionalFormat(sheet, rule)

    def add_cell_value(self, spec: dict[str, Any]) -> ConditionalFormat:
        formulas = [_operand(spec[name]) for name in ("formula1", "formula2") if spec.get(name) is not None]
        return self._add(Rule("cellIs", operator=OPERATORS[spec["operator"]], formula=formulas, dxf=_style(spec)), spec)

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        return self._add(Rule("expression", formula=[_operand(spec["formula"])], dxf=_style(spec)), spec)

    def add_color_scale(self, spec: dict[str, Any]) -> ConditionalFormat:
        places = ("start", "end") if len(spec["colors"]) == 2 else ("start", "mid", "end")
        options: dict[str, Any] = {}
        for place, colour, kind, value in zip(
            places, spec["colors"], spec["threshold_types"], spec["thresholds"], strict=True
        ):
            options.update(
                {f"{place}_type": THRESHOLDS[kind], f"{place}_value": value, f"{place}_color": argb_of(colour)}
            )
        return self._add(ColorScaleRule(**options), spec)

    def add_data_bar(self, spec: dict[str, Any]) -> ConditionalFormat:
        (low, high), (least, most) = spec["threshold_types"], spec["thresholds"]
        ends = {
            "start_type": THRESHOLDS[low],
            "start_value": least,
            "end_type": "max" if high == "automatic" else THRESHOLDS[high],
            "end_value": most,
        }
        return self._add(DataBarRule(color=argb_of(spec["bar_color"]), showValue=spec["show_value"], **ends), spec)

    def add_icon_set(self, spec: dict[str, Any]) -> ConditionalFormat:
        kind = THRESHOLDS[spec["threshold_types"][0]]
        values = [0, *spec["thresholds"]]
        return self._add(
            IconSetRule(
                ICON_SETS[spec["icon_set"]], kind, values, showValue=spec["show_value"], reverse=spec["reverse_order"]
            ),
            spec,
        )

    def clear(self) -> None:
        keep_rules(self._range._ws, lambda sqref, _: not _touches(sqref, self._range.area))


def _touches(sqref: str, area: Area) -> bool:
    return any((part := from_address(text)) is not None and part.overlaps(area) for text in sqref.split())


def keep_rules(sheet: Worksheet, wanted: Any) -> None:
    """Leave only the rules for which ``wanted(sqref, rule)`` holds."""
    remaining = ConditionalFormattingList()
    for block in sheet.conditional_formatting:
        for rule in block.rules:
            if wanted(str(block.sqref), rule):
                remaining.add(str(block.sqref), rule)
    sheet.conditional_formatting = remaining


@com_object
class DataValidation(base_classes.DataValidation):
    """The validation of a block; a block with part of another rule cannot be changed, as in xlwings on the desktop."""

    def __init__(self, cells: Range) -> None:
        self._range = cells

    @property
    def api(self) -> None:
        return None

    def _touching(self) -> list[SheetValidation]:
        return [
            rule
            for rule in self._range._ws.data_validations.dataValidation
            if _touches(str(rule.sqref), self._range.area)
        ]

    @property
    def type(self) -> str:
        found = self._touching()
        return (
            next((name for name, excel in VALIDATIONS.items() if excel == found[0].type), "unknown")
            if found
            else "none"
        )

    @property
    def source(self) -> str | None:
        found = self._touching()
        return found[0].formula1 if found and found[0].type == "list" else None

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:
        if isinstance(source, base_classes.Range):
            formula = f"{quoted(source._ws.title)}!{source.area.address()}"
        else:
            formula = source._full() if isinstance(source, base_classes.Name) else '"{}"'.format(",".join(source))
        self._set(SheetValidation("list", formula1=formula, allow_blank=True, showDropDown=not in_cell_dropdown))

    def set_rule(self, rule_type: str, operator: str | None, formula1: str, formula2: str | None) -> None:
        rule = SheetValidation(
            VALIDATIONS[rule_type],
            operator=operator and OPERATORS[operator],
            formula1=_operand(formula1),
            allow_blank=True,
        )
        rule.formula2 = None if formula2 is None else _operand(formula2)
        self._set(rule)

    def _set(self, rule: SheetValidation) -> None:
        """Replace the rule of the cells, which must be one rule for all of them or none at all."""
        area, touching = self._range.area, self._touching()
        whole = [
            part
            for other in touching
            for text in str(other.sqref).split()
            if (part := from_address(text)) and part.covers(area)
        ]
        if touching and (len(touching) > 1 or not whole):
            raise ComError("Cannot update data validation because the target cells have different validation rules.")
        self._cut_out()
        rule.showErrorMessage = rule.showInputMessage = True
        rule.add(area.ref)
        self._range._ws.add_data_validation(rule)

    def delete(self) -> None:
        self._cut_out()

    def _cut_out(self) -> None:
        """Take the cells out of every rule; a rule without cells goes."""
        rules = self._range._ws.data_validations
        area = self._range.area
        for rule in self._touching():
            remaining = [piece for text in str(rule.sqref).split() for piece in _without(from_address(text), area)]
            rule.sqref = type(rule.sqref)([CellRange(piece.ref) for piece in remaining])
        rules.dataValidation = [rule for rule in rules.dataValidation if str(rule.sqref)]


def _without(whole: Area, hole: Area) -> list[Area]:
    """What remains of a rectangle when another is cut out of it: at most four rectangles."""
    if not whole.overlaps(hole):
        return [whole]
    top, bottom = max(whole.row, hole.row), min(whole.last_row, hole.last_row)
    left, right = max(whole.column, hole.column), min(whole.last_column, hole.last_column)
    pieces = [
        Area(whole.row, whole.column, top - whole.row, whole.columns),
        Area(bottom + 1, whole.column, whole.last_row - bottom, whole.columns),
        Area(top, whole.column, bottom - top + 1, left - whole.column),
        Area(top, right + 1, bottom - top + 1, whole.last_column - right),
    ]
    return [piece for piece in pieces if piece.rows > 0 and piece.columns > 0]
