"""What goes wrong while the setup program is made is said, in the words of the program that refused."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import klantwaarde
import klantwaarde_addin
from klantwaarde_addin.build.installer import build_installer
from klantwaarde_addin.build.windows_runtime import install_packages, locked_requirements, trim
from klantwaarde_addin.pins import pinned


def test_nsis_says_why_it_refuses(tmp_path):
    with pytest.raises(RuntimeError, match="nothing-here"):
        build_installer(tmp_path / "nothing-here", tmp_path / "setup.exe", is_small=False)
    assert not (tmp_path / "setup.exe").exists()


def test_a_package_without_its_hash_is_refused(tmp_path):
    with pytest.raises(RuntimeError, match="--require-hashes"):
        install_packages(tmp_path / "packages", "--require-hashes", "--offline", "six==1.17.0")


def test_only_exact_versions_are_pins():
    assert pinned("xlwings").count(".") == 2
    with pytest.raises(LookupError, match="pandas"):
        pinned("pandas")


WHOLE_ANALYSIS = """
import sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path] + sys.argv[1:]
import klantwaarde_addin.call, klantwaarde_addin.run, pandas, xlwings
from klantwaarde import analyse, tables_from
from klantwaarde.example import build_example
print(repr((pandas.__file__, xlwings.__pro__, len(analyse(tables_from(build_example())).results))))
"""


def test_what_is_left_out_of_the_packages_is_never_missed(tmp_path):
    """The pinned packages, for this system, without what the setup program leaves out: the whole analysis of the example runs."""
    packages = tmp_path / "packages"
    command = [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--target",
        str(packages),
    ]
    version = ["--python-version", f"{sys.version_info.major}.{sys.version_info.minor}"]
    subprocess.run([*command, *version, "-r", str(locked_requirements(tmp_path / "locked.txt"))], check=True)
    trim(packages)
    assert not (packages / "xlwings" / "pro").exists()
    assert not list(packages.glob("*/tests"))
    ours = [str(Path(package.__file__).parents[1]) for package in (klantwaarde, klantwaarde_addin)]
    done = subprocess.run(
        [sys.executable, "-I", "-c", WHOLE_ANALYSIS, str(packages), *ours], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pandas_file, has_paid_parts, results = ast.literal_eval(done.stdout)
    assert pandas_file.startswith(str(packages))
    assert not has_paid_parts
    assert results > 20
