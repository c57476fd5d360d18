"""The one way in which an output file comes into being: whole, verified, with the previous version kept.

The new file is written beside the old one, flushed to disk, read back, and only then takes the old one's name. A crash at
any moment leaves the old or the new file; a stray temporary file is swept by the next save.

Backups are called ``book.kw-backup-001.xlsx``, ``-002`` ...: the highest number is the newest.
"""

import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from klantwaarde.messages import Fault, WriteError
from klantwaarde.workbook.safety import file_hash, lock_owner

if sys.platform != "win32":
    import fcntl

_ROOM = 3  # times the size of the book: new file, backup, margin
_TRIES = 5
_PAUSE_SECONDS = 0.4
_SHARING_VIOLATIONS = (5, 32, 33)  # Windows: access denied, sharing violation, lock violation


def save(
    path: Path,
    write: Callable[[Path], object],
    *,
    read_sha256: str | None,
    output: Path | None = None,
    backups: int = 3,
    verify: Callable[[Path], object] | None = None,
) -> Path | None:
    """Write a workbook so that the old or the new file is there, whole, whatever happens.

    Args:
        path: The book that was read, and that is replaced unless ``output`` is given.
        write: Writes the complete new file to the path it gets.
        read_sha256: Hash of ``path`` when it was read, see :func:`klantwaarde.workbook.safety.file_hash`; None when nothing was read.
        output: The file to write instead of ``path``.
        backups: How many previous versions to keep beside the file; 0 keeps none.
        verify: Reads the finished file back and raises when it is not what it should be.

    Returns:
        The backup of the previous version, or None when there was none or none is kept.

    Raises:
        WriteError: read-only (KW-SA-001), no rights (002), no room (003), open elsewhere (004), changed since it was read
            (005), any failure of the disk (006), in use (008). The original is as it was and nothing is left behind;
            the same holds for whatever ``write`` and ``verify`` raise.
    """
    source, target = Path(os.path.realpath(path)), Path(os.path.realpath(output or path))
    try:
        before = _check(source, target, read_sha256)
        _sweep(target)
        with _temporary(target) as temporary:
            write(temporary)
            _flush(temporary)
            if verify:
                verify(temporary)
            _keep_permissions(target if target.exists() else source, temporary)
            _refuse_changed(source, before)
            refuse_open(target)
            return _replace(temporary, target, backups)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError([Fault("KW-SA-006", found=target.name, values={"reason": reason})]) from error


def restore(path: Path) -> Path:
    """Bring the newest backup back. The present version becomes a backup, so restoring twice undoes it.

    Returns:
        The backup whose content the book now has.

    Raises:
        WriteError: there is no backup (KW-SA-007), or the book cannot be written (see :func:`save`).
    """
    target = Path(os.path.realpath(path))
    kept = _backups(target)
    if not kept:
        example = _backup_name(target, 1).name
        raise WriteError([Fault("KW-SA-007", found=target.name, values={"example": example})])
    newest = kept[-1]
    save(target, lambda place: shutil.copyfile(newest, place), read_sha256=None, backups=len(kept) + 1)
    return newest


Signature = tuple[int, int, int] | None


def _check(source: Path, target: Path, read_sha256: str | None) -> Signature:
    """Everything that can be known before writing. Returns what identifies the source as it is now."""
    folder = target.parent
    if target.exists() and not (target.stat().st_mode & stat.S_IWUSR and os.access(target, os.W_OK)):
        raise WriteError([Fault("KW-SA-001", found=target.name)])
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise WriteError([Fault("KW-SA-002", found=str(folder))])
    refuse_open(target)
    before = _signature(source)
    if read_sha256 is not None and (before is None or file_hash(source) != read_sha256):
        raise WriteError([Fault("KW-SA-005", found=source.name)])
    needed = _ROOM * (before[0] if before else 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        values = {"free_mb": free // 1_000_000, "needed_mb": -(-needed // 1_000_000)}
        raise WriteError([Fault("KW-SA-003", found=str(folder), values=values)])
    return before


def _signature(path: Path) -> Signature:
    if not path.exists():
        return None
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _refuse_changed(source: Path, before: Signature) -> None:
    if _signature(source) != before:
        raise WriteError([Fault("KW-SA-005", found=source.name)])


def refuse_open(target: Path) -> None:
    """Raises WriteError when Excel or LibreOffice keeps a lock file beside the book, naming the owner."""
    for lock, owner in ((f"~${target.name}", lock_owner), (f".~lock.{target.name}#", _libreoffice_owner)):
        if target.with_name(lock).exists():
            values = {"owner": owner(target) or "?", "lock": lock}
            raise WriteError([Fault("KW-SA-004", found=target.name, values=values)])


def _libreoffice_owner(book: Path) -> str:
    with suppress(OSError):
        fields = book.with_name(f".~lock.{book.name}#").read_text(encoding="utf-8", errors="replace").split(",")
        return next((field.strip() for field in fields if field.strip()), "")
    return ""


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """A new file beside the target, removed at the end if it is still there.

    The suffix is the target's, because readers judge a file by it. The lock tells a sweep that the file is alive.
    """
    handle, name = tempfile.mkstemp(prefix=_temporary_prefix(target), suffix=target.suffix, dir=target.parent)
    place = Path(name)
    try:
        with _held(handle):
            yield place
    finally:
        place.unlink(missing_ok=True)


@contextmanager
def _held(handle: int) -> Iterator[None]:
    """Hold a lock on an open file, where the system and the disk know locks; closes the file."""
    if sys.platform == "win32":
        os.close(handle)  # a file that is open there cannot be renamed
        yield
    else:
        try:
            with suppress(OSError):  # some network disks know no locks
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(handle)


def _temporary_prefix(target: Path) -> str:
    return f".{target.stem}.kw-tmp-"


def _sweep(target: Path) -> None:
    """Remove temporary files of saves that were cut off."""
    for entry in list(target.parent.iterdir()):
        if entry.name.startswith(_temporary_prefix(target)) and entry.suffix == target.suffix and not _is_alive(entry):
            with suppress(OSError):  # another save may sweep at the same moment
                entry.unlink()


def _is_alive(temporary: Path) -> bool:
    """Whether another process is still writing the file."""
    if sys.platform == "win32":
        return False  # removing an open file fails there
    with suppress(OSError), temporary.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    return True


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _keep_permissions(model: Path, temporary: Path) -> None:
    if model.exists():
        shutil.copymode(model, temporary)


def _replace(temporary: Path, target: Path, backups: int) -> Path | None:
    """Keep the present version and put the new one in its place."""
    backup = _keep_backup(target) if backups and target.exists() else None
    try:
        _rename(temporary, target)
    except BaseException:
        if backup:
            backup.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # the new file is in place; what follows cannot undo that
        _flush_folder(target.parent)
    for old in _backups(target)[:-backups] if backups else []:
        with suppress(OSError):
            old.unlink()
    return backup


def _keep_backup(target: Path) -> Path:
    """A second name for the present version, or a copy where the disk knows no second names."""
    kept = _backups(target)
    number = int(_backup_pattern(target).fullmatch(kept[-1].name)[1]) + 1 if kept else 1  # type: ignore[index]
    backup = _backup_name(target, number)
    try:
        os.link(target, backup)
    except OSError:
        with _temporary(target) as copy:
            shutil.copyfile(target, copy)
            shutil.copystat(target, copy)
            _flush(copy)
            _rename(copy, backup)
    return backup


def _backup_name(target: Path, number: int) -> Path:
    return target.with_name(f"{target.stem}.kw-backup-{number:03d}{target.suffix}")


def _backup_pattern(target: Path) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(target.stem)}\.kw-backup-(\d+){re.escape(target.suffix)}")


def _backups(target: Path) -> list[Path]:
    """The backups of a book, oldest first."""
    pattern = _backup_pattern(target)
    found = [(int(match[1]), entry) for entry in target.parent.iterdir() if (match := pattern.fullmatch(entry.name))]
    return [entry for _, entry in sorted(found)]


def _rename(temporary: Path, target: Path) -> None:
    """``os.replace``, tried again while another program holds the file for a moment (Windows).

    Raises:
        WriteError: the file stays in use (KW-SA-008).
    """
    for attempt in range(_TRIES):
        try:
            os.replace(temporary, target)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS:
                raise
            if attempt == _TRIES - 1:
                raise WriteError([Fault("KW-SA-008", found=target.name)]) from error
            time.sleep(_PAUSE_SECONDS)


def _flush_folder(folder: Path) -> None:
    """Make the new name durable; Windows does that itself."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
