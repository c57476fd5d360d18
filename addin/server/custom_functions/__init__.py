"""The functions that the server offers, in the namespace KW."""

from klantwaarde_addin.udfs import *
