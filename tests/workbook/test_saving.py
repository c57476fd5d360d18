"""Saving under every fault that can be arranged here: the old or the new book is there, whole, and nothing else."""

import builtins
import errno
import io
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlsxwriter

from klantwaarde.messages import WriteError
from klantwaarde.workbook import saving
from klantwaarde.workbook.package import graft
from klantwaarde.workbook.safety import file_hash
from klantwaarde.workbook.saving import restore, save

OLD, NEW = b"old book" * 5_000, b"the new book" * 5_000


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "maand 10 – café.xlsx"
    path.write_bytes(OLD)
    return path


def write_new(place: Path) -> None:
    with place.open("wb") as stream:
        for start in range(0, len(NEW), 1000):
            stream.write(NEW[start : start + 1000])


def names(book: Path) -> list[str]:
    return sorted(entry.name for entry in book.parent.iterdir())


def code(error: WriteError) -> str:
    (fault,) = error.faults
    assert str(fault) and str(fault.speaking("en"))
    return fault.code


def test_the_new_book_replaces_the_old_one_and_the_old_one_is_kept(book: Path) -> None:
    book.chmod(0o640)
    backup = save(book, write_new, read_sha256=file_hash(book), verify=lambda place: place.read_bytes() == NEW)
    assert book.read_bytes() == NEW and stat.S_IMODE(book.stat().st_mode) == 0o640
    assert backup is not None and backup.name == "maand 10 – café.kw-backup-001.xlsx" and backup.read_bytes() == OLD
    assert names(book) == sorted([book.name, backup.name])


def test_only_the_newest_backups_are_kept(book: Path) -> None:
    for number in range(1, 13):
        content = str(number).encode()
        save(book, lambda place, content=content: place.write_bytes(content), read_sha256=None, backups=3)
    kept = [entry for entry in names(book) if "backup" in entry]
    assert [name[-8:-5] for name in kept] == ["010", "011", "012"]
    assert [(book.parent / name).read_bytes() for name in kept] == [b"9", b"10", b"11"]
    assert save(book, write_new, read_sha256=None, backups=0) is None


def test_restoring_brings_the_old_book_back_and_restoring_again_undoes_it(book: Path) -> None:
    backup = save(book, write_new, read_sha256=None)
    assert restore(book) == backup and book.read_bytes() == OLD
    restore(book)
    assert book.read_bytes() == NEW


def test_restoring_without_a_backup_says_so(book: Path) -> None:
    with pytest.raises(WriteError) as caught:
        restore(book)
    assert code(caught.value) == "KW-SA-007" and book.read_bytes() == OLD


def test_a_disk_without_second_names_gets_a_copy_as_backup(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links here")

    monkeypatch.setattr(os, "link", link)
    backup = save(book, write_new, read_sha256=None)
    assert backup is not None and backup.read_bytes() == OLD and book.read_bytes() == NEW
    assert len(names(book)) == 2


def test_another_output_leaves_the_source_alone(book: Path) -> None:
    output = book.with_name("uitkomst.xlsx")
    assert save(book, write_new, read_sha256=file_hash(book), output=output) is None
    assert book.read_bytes() == OLD and output.read_bytes() == NEW and len(names(book)) == 2


def test_a_linked_book_stays_a_link(book: Path) -> None:
    link = book.with_name("link.xlsx")
    link.symlink_to(book)
    save(link, write_new, read_sha256=None, backups=0)
    assert link.is_symlink() and book.read_bytes() == NEW


def test_a_read_only_book_is_not_replaced(book: Path) -> None:
    book.chmod(0o444)
    with pytest.raises(WriteError) as caught:
        save(book, write_new, read_sha256=None)
    assert code(caught.value) == "KW-SA-001" and book.read_bytes() == OLD and names(book) == [book.name]


def test_a_folder_that_is_not_there_is_named(book: Path) -> None:
    with pytest.raises(WriteError) as caught:
        save(book, write_new, read_sha256=None, output=book.parent / "weg" / "book.xlsx")
    assert code(caught.value) == "KW-SA-002"


def test_too_little_room_is_known_beforehand(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * len(OLD) - 1))
    with pytest.raises(WriteError) as caught:
        save(book, write_new, read_sha256=None)
    assert code(caught.value) == "KW-SA-003" and names(book) == [book.name]


@pytest.mark.parametrize(
    ("lock", "content", "owner"),
    [
        (
            "~${}",
            b"\x08J. Smits".ljust(55, b" ") + b"\x08\x00" + "J. Šmits".encode("utf-16-le").ljust(108, b"\0"),  # as Excel: 165 bytes
            "J. Šmits",
        ),
        ("~${}", b"\x08J. Smits".ljust(54, b" "), "J. Smits"),
        ("~${}", b"", "?"),
        (".~lock.{}#", b",jsmits,pc7,22.11.2026 10:00,file:///home;", "jsmits"),
    ],
)
def test_a_book_that_is_open_elsewhere_names_who_has_it(book: Path, lock: str, content: bytes, owner: str) -> None:
    book.with_name(lock.format(book.name)).write_bytes(content)
    with pytest.raises(WriteError) as caught:
        save(book, write_new, read_sha256=None)
    assert code(caught.value) == "KW-SA-004" and caught.value.faults[0].values["owner"] == owner
    assert book.read_bytes() == OLD


def test_a_book_that_changed_since_it_was_read_is_not_overwritten(book: Path) -> None:
    read = file_hash(book)
    book.write_bytes(b"a colleague was here")
    with pytest.raises(WriteError) as caught:
        save(book, write_new, read_sha256=read)
    assert code(caught.value) == "KW-SA-005" and book.read_bytes() == b"a colleague was here"


def test_a_book_that_changes_while_we_write_is_not_overwritten(book: Path) -> None:
    def write(place: Path) -> None:
        write_new(place)
        book.write_bytes(b"a colleague is quick")

    with pytest.raises(WriteError) as caught:
        save(book, write, read_sha256=file_hash(book))
    assert code(caught.value) == "KW-SA-005" and names(book) == [book.name]


@pytest.mark.parametrize("failure", [ValueError("not equal"), KeyboardInterrupt()])
def test_a_result_that_is_not_as_it_should_be_never_takes_the_name(book: Path, failure: BaseException) -> None:
    def verify(_: Path) -> None:
        raise failure

    with pytest.raises(type(failure)):
        save(book, write_new, read_sha256=None, verify=verify)
    assert book.read_bytes() == OLD and names(book) == [book.name]


def sharing_violation() -> PermissionError:
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = 32  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(("failures", "pauses"), [(0, 0), (4, 4), (5, 4)])
def test_a_file_in_use_is_tried_again_for_two_seconds(
    book: Path, monkeypatch: pytest.MonkeyPatch, failures: int, pauses: int
) -> None:
    replace, left, slept = os.replace, [failures], []

    def busy(source: Path, target: Path) -> None:
        if left[0]:
            left[0] -= 1
            raise sharing_violation()
        replace(source, target)

    monkeypatch.setattr(os, "replace", busy)
    monkeypatch.setattr(time, "sleep", slept.append)
    if failures < 5:
        save(book, write_new, read_sha256=None, backups=0)
        assert book.read_bytes() == NEW
    else:
        with pytest.raises(WriteError) as caught:
            save(book, write_new, read_sha256=None)
        assert code(caught.value) == "KW-SA-008" and book.read_bytes() == OLD and names(book) == [book.name]
    assert len(slept) == pauses


def test_stray_files_of_a_crash_are_swept_but_not_those_of_a_save_that_is_running(book: Path) -> None:
    stray = book.with_name(f".{book.stem}.kw-tmp-abc123.xlsx")
    stray.write_bytes(b"half")
    other = book.with_name(".ander.kw-tmp-abc123.xlsx")
    other.write_bytes(b"of another book")
    seen: list[list[str]] = []

    def write(place: Path) -> None:
        save(book, lambda second: second.write_bytes(b"second"), read_sha256=None, backups=0)
        seen.append([name for name in names(book) if "kw-tmp" in name])
        write_new(place)

    with pytest.raises(WriteError, match="KW-SA-005"):
        save(book, write, read_sha256=None, backups=0)
    assert len(seen[0]) == 2 and other.name in seen[0] and stray.name not in seen[0]
    assert names(book) == sorted([book.name, other.name]) and book.read_bytes() == b"second"


class Fuse:
    """Lets a number of calls pass and breaks the next one."""

    def __init__(self, passes: int, error: int) -> None:
        self.left, self.error, self.blown = passes, error, False

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.blown = True
            raise OSError(self.error, os.strerror(self.error))


class FusedFile(io.FileIO):
    """A file whose writes and closing flush can fail."""

    fuse: Fuse

    def write(self, content: object) -> int:  # type: ignore[override]
        self.fuse.spend()
        return super().write(content)  # type: ignore[arg-type]


def fused_opener(fuse: Fuse, folder: Path) -> Callable[..., object]:
    original = builtins.open

    def opened(file: object, mode: str = "r", *args: object, **kwargs: object) -> object:
        if str(file).startswith(str(folder)) and set(mode) & set("wa+x"):
            raw = FusedFile(str(file), mode.replace("b", ""))
            raw.fuse = fuse
            return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return original(file, mode, *args, **kwargs)  # type: ignore[call-overload]

    return opened


def real_book(path: Path, *, rows: int = 300) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mijn blad")
    for row in range(rows):
        sheet.write_row(row, 0, [f"klant {row * 7919 % 1000}", row * 1.37, row % 13])
    book.close()
    return path


def donor() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Result"
    for row in range(50):
        book.active.append([f"regel {row}", row / 3])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_fault_at_any_write_leaves_the_original_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    book, content = real_book(tmp_path / "book.xlsx"), donor()
    original, broken = book.read_bytes(), 0
    system = {name: getattr(os, name) for name in ("fsync", "replace", "link")}
    for passes in range(1000):
        fuse = Fuse(passes, error)
        for name, call in system.items():
            monkeypatch.setattr(os, name, lambda *args, call=call, fuse=fuse: (fuse.spend(), call(*args))[1])
        monkeypatch.setattr(io, "open", fused_opener(fuse, tmp_path))
        monkeypatch.setattr(builtins, "open", fused_opener(fuse, tmp_path))
        failure = None
        try:
            save(book, lambda place: graft(book, place, content, owned=frozenset()), read_sha256=None)
        except WriteError as caught:
            failure = caught
        monkeypatch.undo()
        if failure:
            assert code(failure) == "KW-SA-006"
            assert book.read_bytes() == original and names(book) == ["book.xlsx"]
            broken += 1
        elif not fuse.blown:
            break
        else:  # a copy took the place of the second name, or only the folder could not be flushed
            assert zipfile.ZipFile(book).testzip() is None and len(names(book)) == 2
            book.write_bytes(original)
            next(tmp_path.glob("*.kw-backup-*")).unlink()
    assert broken >= 10 and zipfile.ZipFile(book).testzip() is None


LOOP = """
import sys
from pathlib import Path
from klantwaarde.workbook.saving import save
book, old, new = map(Path, sys.argv[1:])
print("ready", flush=True)
while True:
    for version in (new, old):
        content = version.read_bytes()
        def write(place):
            with place.open("wb") as stream:
                for start in range(0, len(content), 4096):
                    stream.write(content[start:start + 4096])
        save(book, write, read_sha256=None)
"""


@pytest.fixture
def two_versions(tmp_path: Path) -> Iterator[tuple[Path, Path, Path]]:
    (tmp_path / "work").mkdir()
    old, new = real_book(tmp_path / "old.xlsx"), real_book(tmp_path / "new.xlsx", rows=3_000)
    book = tmp_path / "work" / "book.xlsx"
    shutil.copyfile(old, book)
    yield book, old, new


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_killed_save_leaves_the_old_or_the_new_book(two_versions: tuple[Path, Path, Path]) -> None:
    book, old, new = two_versions
    whole, chance = {file_hash(old), file_hash(new)}, random.Random(20)
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-c", LOOP, book, old, new], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None and child.stdout.readline()
            time.sleep(chance.uniform(0, 0.08))
            child.kill()
        assert file_hash(book) in whole
        strays = [name for name in names(book) if "kw-tmp" in name]
        assert len(strays) <= 1
        assert all(file_hash(entry) in whole for entry in book.parent.glob("*.kw-backup-*"))
    save(book, lambda place: shutil.copyfile(new, place), read_sha256=None)
    assert not [name for name in names(book) if "kw-tmp" in name]


def test_no_other_module_of_ours_is_needed_to_name_temporary_files(book: Path) -> None:
    place: list[Path] = []
    save(book, lambda temporary: (place.append(temporary), write_new(temporary)), read_sha256=None, backups=0)
    assert place[0].parent == book.parent and place[0].suffix == ".xlsx" and not place[0].exists()
    assert saving._is_alive(book) is False
