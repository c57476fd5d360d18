"""A complete Python for Windows with Klantwaarde in it, put together on any system: nothing is built on the user's computer.

The interpreter is CPython's own embeddable package. Every package comes as a wheel whose hash stands in ``uv.lock``.
"""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
RUNTIME: Final = ROOT / "addin" / "installer" / "runtime.txt"
PYTHON: Final = "3.13"
PLATFORM: Final = "x86_64-pc-windows-msvc"
PATHS: Final = ("python313.zip", ".", "import site")  # of the interpreter; the environment and the registry add nothing
SURPLUS: Final = (  # never imported, or under a licence that is not free for every use
    "bin", "python_embed", "PyWin32.chm", "pythonwin", "isapi", "adodbapi", "xlwings/pro", "xlwings/html", "xlwings/addin",
    "xlwings*.dll", "xlwings/quickstart*", "lxml/includes", "pandas/**/tests", "numpy/**/tests", "scipy/**/tests", "win32/Demos",
    "win32/test", "win32com/demos", "win32com/test", "win32com/HTML", "win32comext/*/demos", "win32comext/*/test",
)  # fmt: skip


def assemble(stage: Path, requirements: Path, addins: Iterable[Path], *, wheel: Path | None = None) -> None:
    """Fill a folder with the interpreter, the packages and the add-in files.

    Args:
        stage: A new folder.
        requirements: Pinned packages with their hashes, see :func:`locked_requirements`.
        addins: The files ``klantwaarde_nl.xlam`` and ``klantwaarde_en.xlam``.
        wheel: The wheel of Klantwaarde; built from the source when not given.
    """
    packages = stage / "Lib" / "site-packages"
    install_packages(stage, "--require-hashes", "--requirements", str(RUNTIME))
    install_packages(packages, "--require-hashes", "--only-binary", ":all:", "--requirements", str(requirements))
    install_packages(packages, str(wheel or build_wheel(stage / "python_embed")))
    (next(stage.glob("python3*._pth"))).write_text("".join(f"{line}\n" for line in PATHS), encoding="ascii")
    for folder in (stage, packages):
        trim(folder)
    files, generated = packages / "klantwaarde_addin" / "files", packages / "win32com" / "gen_py"
    for folder in (
        files,
        generated,
    ):  # pywin32 would otherwise keep code that it makes in the folder for temporary files
        folder.mkdir(exist_ok=True)
    (generated / "__init__.py").touch()
    for addin in addins:
        shutil.copyfile(addin, files / addin.name)


def locked_requirements(target: Path) -> Path:
    """Write what ``uv.lock`` holds for users on Windows, with hashes, to a file."""
    _run(
        "uv",
        "export",
        "--frozen",
        "--quiet",
        "--no-dev",
        "--no-emit-project",
        "--project",
        str(ROOT),
        "--output-file",
        str(target),
    )
    return target


def build_wheel(folder: Path) -> Path:
    """Build the wheel of Klantwaarde; returns the file."""
    _run("uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT))
    return next(folder.glob("klantwaarde-*.whl"))


def install_packages(target: Path, *what: str) -> None:
    """Unpack packages for Windows into a folder; ``what`` is what ``uv pip install`` takes."""
    _run(
        "uv",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(target),
        "--python-platform",
        PLATFORM,
        "--python-version",
        PYTHON,
        *what,
    )


def trim(folder: Path) -> None:
    """Remove from a folder with packages what no user needs."""
    for found in [path for pattern in SURPLUS for path in folder.glob(pattern)]:
        if found.is_dir():
            shutil.rmtree(found)
        else:
            found.unlink(missing_ok=True)


def _run(*command: str) -> None:
    """Run a program of the build.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed programs, no shell
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
