"""Builds the Excel add-in from text, on any system: VBA project, wrappers, ribbon and package."""

from klantwaarde_addin.build.xlam import build_addin, write_addins

__all__ = ["build_addin", "write_addins"]
