"""The Excel functions, importable without Excel: ``from klantwaarde_addin.functions import capacity_rate``."""
