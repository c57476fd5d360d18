"""The setup program for one Windows user, made with NSIS on any system from a folder that is complete.

``uv run python -m klantwaarde_addin.build.installer dist`` makes add-ins, environment and setup program from this checkout.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from klantwaarde import __version__
from klantwaarde_addin.build.windows_runtime import ROOT, assemble, locked_requirements
from klantwaarde_addin.build.xlam import write_addins

SCRIPT: Final = ROOT / "addin" / "installer" / "klantwaarde.nsi"
EPOCH: Final = "1767225600"  # 2026-01-01: the time that stands in the program, so that two builds are equal
TOOL: Final = "makensis"


def build_installer(stage: Path, target: Path, *, is_small: bool = True) -> Path:
    """Pack a folder made by :func:`klantwaarde_addin.build.windows_runtime.assemble` into a setup program.

    Args:
        stage: The folder that becomes ``%LOCALAPPDATA%\\Klantwaarde\\python``.
        target: The program to write.
        is_small: Compress as well as NSIS can, which takes a minute; otherwise quickly.

    Returns:
        ``target``. The same folder gives the same bytes.

    Raises:
        RuntimeError: NSIS refuses; with what it said.
    """
    defines = [f"-DVERSION={__version__}", f"-DSTAGE={stage.resolve()}", f"-DOUT={target.resolve()}"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    compressor = "/SOLID lzma" if is_small else "zlib"
    command = [TOOL, "-V2", "-INPUTCHARSET", "UTF8", *defines, f"-XSetCompressor {compressor}", str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - a fixed program
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return target


def build_release(target: Path) -> Path:
    """Make the setup program of this checkout, and the two add-in files beside it; returns the program."""
    target.mkdir(parents=True, exist_ok=True)
    addins = write_addins(target)
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder) / "python"
        assemble(stage, locked_requirements(Path(folder) / "requirements.txt"), addins)
        return build_installer(stage, target / f"Klantwaarde-{__version__}-setup.exe")


if __name__ == "__main__":
    build_release(Path(sys.argv[1]))
