"""How a value is written in VBA source."""

from typing import Final

LONGEST_LINE: Final = 1023  # characters that the VBA editor reads of one line


def literal(text: str) -> str:
    """A text as a VBA string.

    Raises:
        ValueError: it does not fit on one line of VBA.

    Example:
        >>> literal('zeg "ja" of nee')
        '"zeg ""ja"" of nee"'
    """
    if "\n" in text or "\r" in text:
        raise ValueError(f"a VBA string stands on one line: {text!r}")
    return '"' + text.replace('"', '""') + '"'


def module_text(name: str, *blocks: str) -> str:
    """The source of a generated standard module.

    Raises:
        ValueError: a line is longer than VBA reads.
    """
    head = f'Attribute VB_Name = "{name}"\nOption Explicit\n'
    text = head + "".join(f"\n{block}\n" for block in blocks)
    for line in text.splitlines():
        if len(line) > LONGEST_LINE:
            raise ValueError(f"module {name} has a line of {len(line)} characters: {line[:60]!r}…")
    return text
