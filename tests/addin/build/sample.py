"""Declarations and modules that the tests of the build share."""

from klantwaarde_addin.build.sources import addin_modules
from klantwaarde_addin.build.vba_project import Module
from klantwaarde_addin.build.wrappers import functions_module, wizard_module
from klantwaarde_addin.declare import Argument, Function

VALUES = Argument("values", "numbers", "Waarden in € per klant", "Values in € per customer", [[1.0], [2.0]])
TIMING = Argument(
    "timing", "choice", 'Tijdstip: "begin", "mid" of "end"', "Timing", "end", "end", ("begin", "mid", "end")
)
GROWTH = Argument("growth", "number", "Groei per periode, 0,02 = 2 %", "Growth per period", 0.02, 0.0)

SAMPLES = (
    Function("clv", "lifetime", 'Waarde van een klant ("CLV")', "Value of a customer", (VALUES, TIMING, GROWTH), len),
    Function("gini", "profit", "Ongelijkheid van 0 tot 1", "Inequality from 0 to 1", (VALUES,), len),
)


def sample_modules(language: str = "nl") -> dict[str, Module]:
    """The add-in's modules by name, over the sample declarations instead of the real ones."""
    modules = {module.name: module for module in addin_modules(language)}
    generated = (functions_module(SAMPLES, language), wizard_module(SAMPLES, language))
    return modules | {module.name: module for module in generated}
