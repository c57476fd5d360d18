"""Settings in every spelling people use; a wrong value stops with its cell, an unknown name is only told."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from klantwaarde.periods import Period
from klantwaarde.tables.settings import (
    SETTINGS,
    GivenSetting,
    Settings,
    find_setting,
    given_settings,
    parse_setting,
    with_values,
)


def codes(faults):
    return [(fault.code, fault.severity) for fault in faults]


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("period_end", "31-12-2025", date(2025, 12, 31)), ("Einde periode", "2025-12-31", date(2025, 12, 31)),
        ("period_end", "2025-12-31 00:00:00", date(2025, 12, 31)), ("period_end", "1/2/2025", date(2025, 2, 1)),
        ("period_end", datetime.fromisoformat("2025-12-31T23:59"), date(2025, 12, 31)),
        ("period_end", pd.Timestamp("2025-12-31"), date(2025, 12, 31)),
        ("period_end", np.datetime64("2025-12-31T00:00:00.000000"), date(2025, 12, 31)),
        ("abc_a", "0,75", 0.75), ("abc_a", "75%", 0.75), ("abc_a", "75 %", 0.75), ("abc_a", 0.75, 0.75), ("abc_a", "62,5%", 0.625),
        ("customer_digits", "6", 6), ("customer_digits", 6.0, 6), ("customer_digits", "6,0", 6),
        ("support_method", "Trapsgewijs", "step-down"), ("Doorbelasting", "STEP DOWN", "step-down"),
        ("Support method", "Direct", "direct"), ("number_style", "Nederlands (1.234,56)", "nl"), ("language", "English", "en"),
        ("Onderneming", "  Bakker bv\u00a0", "Bakker bv"),
    ],
)  # fmt: skip
def test_a_value_is_read_by_id_or_label(name, value, typed):
    settings, faults = with_values(Settings(abc_b=0.99), {name: value})
    assert faults == []
    assert getattr(settings, find_setting(name).id) == typed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("period_end", "31-02-2025"), ("period_end", "12/31/2025"), ("period_end", "31-12-25"), ("period_end", "46022"),
        ("period_end", "gisteren"), ("abc_a", "1,5"), ("abc_a", "150%"), ("abc_a", "-0,1"), ("abc_a", "nan"), ("abc_a", "veel"),
        ("abc_a", "%"), ("customer_digits", "2,5"), ("customer_digits", -1), ("customer_digits", "inf"), ("customer_digits", True),
        ("support_method", "vrij"), ("language", "fr"), ("number_style", "1.234,56"),
    ],
)  # fmt: skip
def test_a_wrong_value_stops_with_its_cell_and_what_is_allowed(name, value):
    settings, faults = given_settings(Settings(), [GivenSetting(name, value, "Instellingen", "B7")])
    (fault,) = faults
    assert (fault.code, fault.severity, fault.sheet, fault.cell) == ("KW-ST-002", "stop", "Instellingen", "B7")
    assert fault.values["allowed"]
    assert getattr(settings, name) == getattr(Settings(), name)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", float("nan"), pd.NA, pd.NaT])
def test_a_blank_value_changes_nothing(blank):
    assert with_values(Settings(abc_a=0.5), {"abc_a": blank}) == (Settings(abc_a=0.5), [])


def test_an_unknown_name_is_only_told():
    settings, faults = with_values(Settings(), {"Kleur": "blauw", "customer_digits": 4})
    assert codes(faults) == [("KW-ST-001", "warn")]
    assert settings.customer_digits == 4


def test_a_setting_under_two_names_is_a_question():
    given = [GivenSetting("Peildatum", "1-1-2025", "S", "B2"), GivenSetting("reference_date", "2-1-2025", "S", "B9")]
    (fault,) = given_settings(Settings(), given)[1]
    assert (fault.code, fault.cell, fault.values["first"]) == ("KW-ST-005", "B9", "B2")


def test_a_setting_twice_of_which_one_is_blank_is_fine():
    settings, faults = given_settings(Settings(), [GivenSetting("abc_a", "0,5"), GivenSetting("Grens klasse A", " ")])
    assert (settings.abc_a, faults) == (0.5, [])


def test_contradictions_name_the_cell():
    places = {"period_end": ("Instellingen", "B6")}
    _, faults = with_values(
        Settings(), {"period_start": "2025-02-01", "period_end": "2025-01-31", "abc_a": 0.95}, places=places
    )
    assert [(fault.code, fault.cell) for fault in faults] == [("KW-ST-003", "B6"), ("KW-ST-004", None)]


def test_the_faults_speak_the_chosen_language():
    _, faults = with_values(Settings(), {"Language": "Engels", "support_method": "vrij", "xyz": 1})
    assert {fault.language for fault in faults} == {"en"}
    assert any("Step-down" in fault.expected for fault in faults)


def test_the_period_needs_both_ends():
    assert Settings(period_start=date(2025, 1, 1)).period is None
    both = Settings(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    assert both.period == Period(date(2025, 1, 1), date(2025, 12, 31))


def test_every_setting_has_a_value_of_its_declared_default():
    for setting in SETTINGS:
        assert getattr(Settings(), setting.id) == (setting.default if setting.default is not None else None)
        if setting.default not in (None, ""):
            assert parse_setting(setting, setting.default) == setting.default


def test_as_texts_tells_settings_apart():
    assert Settings().as_texts() != Settings(abc_a=0.7).as_texts()
    assert Settings().as_texts()["period_end"] == ""


def test_the_example_in_a_fault_is_one_of_the_setting_itself():
    shown = {name: with_values(Settings(), {name: "x"})[1][0].expected for name in ("pyramid_cuts", "ageing_borders", "vat_rate")}
    assert "1/4/15/80" in shown["pyramid_cuts"]
    assert "30/60/90" in shown["ageing_borders"]
    assert "80%" in shown["vat_rate"]
