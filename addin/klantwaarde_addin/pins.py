"""Which version of a package this release was made for: read from its own metadata, so that it is written down once."""

import re
from importlib import metadata


def pinned(package: str) -> str:
    """The one version that the package ``klantwaarde`` accepts of another package.

    Raises:
        LookupError: no exact version is required.
    """
    for requirement in metadata.requires("klantwaarde") or ():
        match = re.match(rf"{re.escape(package)}==([\w.]+)", requirement)
        if match:
            return match[1]
    raise LookupError(f"klantwaarde pins no version of {package}")
