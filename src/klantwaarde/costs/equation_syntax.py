"""From the text of a time equation to its tree. A cell text is read by this parser only; it never runs as code.

Grammar, loosest first: ``or``, ``and``, ``not``, one comparison, ``+ -``, ``* /``, sign, number | name | [name] |
function(...) | (...). Words are English or Dutch (or/of, and/en, not/niet, if/als). Values in a function are separated
by ``;`` or, where no ``;`` occurs, by ``,``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

from klantwaarde.messages import Fault, InputError

MAX_LENGTH = 2_000  # characters
MAX_PARTS = 400  # numbers, names and signs: bounds the height of the tree as well
MAX_NESTING = 40

COMPARISONS = ("<", "<=", ">", ">=", "=", "<>")
_STRENGTH = {"or": 1, "and": 2, "not": 3} | dict.fromkeys(COMPARISONS, 4) | {"+": 5, "-": 5, "*": 6, "/": 6}
_WORDS = {"or": "or", "of": "or", "and": "and", "en": "and", "not": "not", "niet": "not"}
_FUNCTIONS = {"min": "min", "max": "max", "if": "if", "als": "if"} | _WORDS
_ARGUMENTS = {"if": (3, 3), "not": (1, 1)}  # function -> fewest and most values; the others take two or more
_SPELLINGS = {"!=": "<>", "==": "=", "≤": "<=", "≥": ">=", "≠": "<>", "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/"}


class EquationError(InputError, ValueError):
    """A time equation that cannot be read or calculated.

    Attributes:
        position: The character where reading stopped, from 1; None when it was read but cannot be calculated.
        rows: The rows, from 0, that cannot be calculated.
    """

    def __init__(self, faults: Sequence[Fault], *, position: int | None = None, rows: Sequence[int] = ()) -> None:
        self.position = position
        self.rows = tuple(rows)
        super().__init__(faults)

    @property
    def reason(self) -> str:
        """What is wrong, in the language of the fault."""
        return self.faults[0].what


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that stands for a column."""

    name: str  # as written, without [ ]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function on its operands: arithmetic, a comparison, and, or, not, min, max, if, negative."""

    operator: str
    operands: tuple["Node", ...]


Node = Number | Variable | Operation


@dataclass(frozen=True, slots=True)
class Token:
    """One part of the text; ``symbol`` is the sign or word in its one canonical spelling."""

    kind: Literal["number", "name", "bracket", "symbol", "end"]
    text: str
    position: int  # from 1
    symbol: str = ""


def read_equation(text: str) -> Node:
    """The tree of a time equation.

    A comma is a decimal sign where ``;`` separates values; without ``;`` it separates values, as in Excel, unless
    that cannot be read. A text with two readings is refused.

    Raises:
        EquationError: with the position of the first character that does not fit (KW-CO-020 up to KW-CO-027).
    """
    if len(text) > MAX_LENGTH:
        _refuse_size(MAX_LENGTH + 1)
    if ";" in text or "," not in text:
        return _read(text, decimal_comma=";" in text)
    separating = _attempt(text, decimal_comma=False)
    decimal = _attempt(text, decimal_comma=True)
    if isinstance(separating, EquationError):
        if isinstance(decimal, EquationError):
            raise max(separating, decimal, key=_how_far)
        return decimal
    tight, spaced = re.search("[0-9],[0-9]", text), re.search(r",\s", text)
    if tight and spaced and not isinstance(decimal, EquationError) and decimal != separating:
        _refuse("KW-CO-026", Token("symbol", ",", tight.start() + 2))
    return separating


def _attempt(text: str, *, decimal_comma: bool) -> Node | EquationError:
    try:
        return _read(text, decimal_comma=decimal_comma)
    except EquationError as error:
        return error


def _how_far(error: EquationError) -> tuple[bool, int]:
    """How far reading came: two decimal signs are only refused after the last character."""
    return error.faults[0].code == "KW-CO-027", error.position or 0


def _read(text: str, *, decimal_comma: bool) -> Node:
    tokens = list(_tokens(text, decimal_comma=decimal_comma))
    if len(tokens) > MAX_PARTS:
        _refuse_size(tokens[MAX_PARTS].position)
    root = _Reader(tokens, ";" if ";" in text else ",").whole()
    if decimal_comma:
        _refuse_two_decimal_signs(tokens)
    return root


def _pattern(decimal_signs: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<number>[0-9]+(?:[{decimal_signs}][0-9]+)?|\.[0-9]+)|(?P<name>[^\W\d]\w*)|\[(?P<bracket>[^\[\]]+)\]"
        r"|(?P<symbol><=|>=|<>|!=|==|[-+*/()<>=,;≤≥≠−–×·÷])|(?P<space>\s+)"
    )


_WITH_POINT = _pattern(".")
_WITH_POINT_OR_COMMA = _pattern(".,")


def _tokens(text: str, *, decimal_comma: bool) -> Iterator[Token]:
    """The parts of the text; the last one is ``end`` and holds the text of the part before it."""
    pattern = _WITH_POINT_OR_COMMA if decimal_comma else _WITH_POINT
    start, last = 0, ""
    while start < len(text):
        found = pattern.match(text, start)
        if found is None:
            _refuse("KW-CO-020", Token("symbol", text[start], start + 1))
        if found.lastgroup != "space":
            last = found.group()
            yield _token(str(found.lastgroup), found, start + 1)
        start = found.end()
    yield Token("end", last, len(text) + 1)


def _token(kind: str, found: re.Match[str], position: int) -> Token:
    text = found.group()
    if kind == "number":
        return Token("number", text, position)
    if kind == "bracket":
        return Token("bracket", found["bracket"].strip(), position)
    if kind == "symbol":
        return Token("symbol", text, position, _SPELLINGS.get(text, text))
    word = _WORDS.get(text.casefold())
    return Token("symbol", text, position, word) if word else Token("name", text, position)


def _refuse_two_decimal_signs(tokens: Sequence[Token]) -> None:
    numbers = [token for token in tokens if token.kind == "number"]
    with_point = [token for token in numbers if "." in token.text]
    if with_point and any("," in token.text for token in numbers):
        _refuse("KW-CO-027", with_point[0])


class _Reader:
    """Reads tokens from left to right. Never deeper than MAX_NESTING."""

    def __init__(self, tokens: Sequence[Token], separator: str) -> None:
        self._tokens = tokens
        self._separator = separator
        self._place = 0
        self._nesting = 0

    def whole(self) -> Node:
        if len(self._tokens) == 1:
            _refuse("KW-CO-022", self._next)
        root = self._expression(1)
        if self._place < len(self._tokens) - 1:
            _refuse("KW-CO-020", self._next)
        return root

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _step(self) -> Token:
        token = self._next
        if token.kind == "end":
            _refuse("KW-CO-021", token)
        self._place += 1
        return token

    def _expression(self, weakest: int) -> Node:
        """Operands joined by operators at least as strong as ``weakest``."""
        left = self._operand()
        while (sign := self._next.symbol) != "not" and _STRENGTH.get(sign, 0) >= weakest:
            self._step()
            left = Operation(sign, (left, self._expression(_STRENGTH[sign] + 1)))
            if sign in COMPARISONS:
                self._refuse_comparison()
        return left

    def _operand(self) -> Node:
        token = self._step()
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            _refuse_size(token.position)
        node = self._named(token) if token.kind in ("name", "bracket") else self._signed(token)
        self._nesting -= 1
        return node

    def _named(self, token: Token) -> Node:
        if token.kind == "name" and self._next.symbol == "(":
            return self._function(token)
        return Variable(token.text)

    def _signed(self, token: Token) -> Node:  # noqa: RET503 - _refuse never returns
        if token.kind == "number":
            return Number(float(token.text.replace(",", ".")))
        if token.symbol == "(":
            inside = self._expression(1)
            self._close()
            return inside
        if token.symbol in ("-", "+"):
            operand = self._operand()
            return Operation("negative", (operand,)) if token.symbol == "-" else operand
        if token.symbol in _WORDS.values() and self._next.symbol == "(":
            return self._function(token)
        if token.symbol == "not":
            return Operation("not", (self._expression(_STRENGTH["not"] + 1),))
        _refuse("KW-CO-020", token)

    def _function(self, name: Token) -> Node:
        function = _FUNCTIONS.get(name.text.casefold())
        if function is None:
            _refuse("KW-CO-024", name)
        self._step()
        values = [self._expression(1)]
        while self._next.symbol == self._separator:
            self._step()
            values.append(self._expression(1))
        self._close()
        fewest, most = _ARGUMENTS.get(function, (2, MAX_PARTS))
        if not fewest <= len(values) <= most:
            _refuse("KW-CO-025", name, count=len(values))
        if function == "not":  # not (a) > 1 reads as (not a) > 1 here and as not (a > 1) elsewhere
            self._refuse_comparison()
        return Operation(function, tuple(values))

    def _close(self) -> None:
        token = self._step()
        if token.symbol != ")":
            _refuse("KW-CO-020", token)

    def _refuse_comparison(self) -> None:
        if self._next.symbol in COMPARISONS:
            _refuse("KW-CO-020", self._next)


def _refuse(code: str, token: Token, **values: object) -> NoReturn:
    place = {"position": token.position} | values
    raise EquationError([Fault(code, found=token.text, values=place)], position=token.position)


def _refuse_size(position: int) -> NoReturn:
    limits = {"limit": MAX_LENGTH, "parts": MAX_PARTS, "nesting": MAX_NESTING}
    _refuse("KW-CO-023", Token("symbol", "", position), **limits)
