"""The scripts that the server offers: the commands of the ribbon."""

from klantwaarde_addin.scripts import SCRIPTS

globals().update(SCRIPTS)
