"""``python -m klantwaarde_addin.build FOLDER``: writes both add-ins and says their SHA-256, to compare with the published ones."""

import argparse
import sys
from pathlib import Path

from klantwaarde.workbook.safety import file_hash
from klantwaarde_addin.build import write_addins


def main() -> None:
    """Write the add-ins into an existing folder; the lines are those of ``sha256sum``."""
    parser = argparse.ArgumentParser(prog="python -m klantwaarde_addin.build")
    parser.add_argument("folder", type=Path)
    for path in write_addins(parser.parse_args().folder):
        sys.stdout.write(f"{file_hash(path)}  {path.name}\n")


if __name__ == "__main__":
    main()
