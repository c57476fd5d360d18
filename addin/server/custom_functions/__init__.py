"""The functions that the server offers, in the namespace KW."""

from klantwaarde_addin import udfs

globals().update({name: getattr(udfs, name) for name in udfs.__all__})
