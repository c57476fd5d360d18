"""What goes wrong while the setup program is made is said, in the words of the program that refused."""

import pytest

from klantwaarde_addin.build.installer import build_installer
from klantwaarde_addin.build.windows_runtime import install_packages
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
