"""A proposal where a ledger account goes, from its RGS code, else its words, else its account class.

A proposal is never more than that: a person confirms every account before it counts.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from klantwaarde.costs.treatment_rules import ACCOUNT_CLASSES, POOL_NAMES, RULES, Rule, Treatment
from klantwaarde.messages import Fault

Certainty = Literal["high", "medium", "low", "none"]

BY_RGS_CODE = "KW-TR-001"
BY_RGS_GROUP = "KW-TR-002"
BY_RGS_AND_WORDS = "KW-TR-003"
BY_WORDS = "KW-TR-004"
BY_ACCOUNT_CLASS = "KW-TR-005"
BALANCE_ACCOUNT = "KW-TR-006"
NO_CLUE = "KW-TR-007"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where an account could go.

    Attributes:
        treatment: One of direct, pool, channel, corporate, outside; None when nothing points anywhere.
        target: For ``direct`` revenue, discount, bonus, cost_of_goods or a kind of customer cost; for ``pool`` a
            proposed pool name when the description holds one; otherwise None.
        reason_code: The message that tells why.
        certainty: high (bookable RGS code), medium (wide RGS group or words), low (account class only), none.
        matched: The code, word or class that decided.
    """

    treatment: Treatment | None
    target: str | None
    reason_code: str
    certainty: Certainty
    matched: str = ""

    def reason(self, language: str) -> str:
        """Why this treatment is proposed, in one sentence."""
        return Fault(self.reason_code, severity="note", found=self.matched, language=language).what


def propose_treatment(account: str, description: str, reference_code: str | None) -> Proposal:
    """Propose what happens with one ledger account.

    Order: the RGS code (longest prefix; of "WPer/WBedKan" the first code), else Dutch and English words in the
    description, else the usual Dutch account classes. In a wide RGS group such as WPer, words may still decide
    (directors are corporate).

    Args:
        account: Account number as text.
        description: Account name; may be empty.
        reference_code: RGS code, or None or empty when there is none.

    Example:
        >>> propose_treatment("4630", "Relatiegeschenken", "WBedVkkRel").target
        'gift'
        >>> propose_treatment("4500", "Magazijnkosten", None).target
        'Magazijn'
    """
    code, name = _first_code(reference_code), _plain(description)
    if code.startswith("b"):
        return Proposal("outside", None, BALANCE_ACCOUNT, "high", _shown(reference_code))
    return _from_code(code, name) or _from_words(name) or _from_class(account)


def cost_element(description: str, reference_code: str | None) -> str:
    """The canonical cost element of an account, such as ``personnel``; ``other`` when nothing points anywhere.

    Labels stand in the message catalogue under ``cost_element_<id>``.

    Example:
        >>> cost_element("Kosten ICT", "WPer/WBedKan"), cost_element("Leaseauto's", None)
        ('personnel', 'vehicles')
    """
    by_code = _longest_prefix(_first_code(reference_code))
    if by_code:
        return by_code[1].element
    by_words = _first_words(_plain(description))
    return by_words[1].element if by_words else "other"


def _from_code(code: str, name: str) -> Proposal | None:
    found = _longest_prefix(code)
    if found is None:
        return None
    prefix, rule = found
    if not rule.broad:
        return Proposal(rule.treatment, _target(rule, name), BY_RGS_CODE, "high", prefix)
    for words, refining in _word_rules():
        if refining.refines and code.startswith(refining.refines.casefold()) and (hit := words.search(name)):
            matched = f"{prefix} + {hit.group()}"
            return Proposal(refining.treatment, _target(refining, name), BY_RGS_AND_WORDS, "medium", matched)
    return Proposal(rule.treatment, _target(rule, name), BY_RGS_GROUP, "medium", prefix)


def _from_words(name: str) -> Proposal | None:
    if found := _first_words(name):
        word, rule = found
        return Proposal(rule.treatment, _target(rule, name), BY_WORDS, "medium", word)
    pool = _pool_name(name)
    return Proposal("pool", pool, BY_WORDS, "medium", pool) if pool else None


def _from_class(account: str) -> Proposal:
    digit = account.strip()[:1]
    if digit in ACCOUNT_CLASSES:
        treatment, target, _ = ACCOUNT_CLASSES[digit]
        return Proposal(treatment, target, BY_ACCOUNT_CLASS, "low", digit)
    if digit in tuple("0123"):
        return Proposal("outside", None, BALANCE_ACCOUNT, "low", account)
    return Proposal(None, None, NO_CLUE, "none", account)


def _target(rule: Rule, name: str) -> str | None:
    return _pool_name(name) if rule.treatment == "pool" else rule.target


def _pool_name(name: str) -> str | None:
    return next((pool for words, pool in _pool_patterns() if words.search(name)), None)


def _longest_prefix(code: str) -> tuple[str, Rule] | None:
    # An RGS code is B or W and then groups of three letters: cutting a group at a time finds the longest prefix first.
    for length in range(len(code), 3, -1):
        if found := _rules_by_prefix().get(code[:length]):
            return found
    return None


def _first_words(name: str) -> tuple[str, Rule] | None:
    return next(((hit.group(), rule) for words, rule in _word_rules() if (hit := words.search(name))), None)


def _shown(reference_code: str | None) -> str:
    return (reference_code or "").split("/")[0].strip()


def _first_code(reference_code: str | None) -> str:
    """The first RGS code in lower case without sub-codes; empty when the text holds none (a placeholder as 0000)."""
    found = re.match(r"[bw][a-z]{3}[a-z0-9]*", _shown(reference_code).casefold())
    return found.group() if found else ""


def _plain(text: str) -> str:
    """Lower case, without accents, punctuation turned into single blanks; the first 200 characters decide."""
    letters = unicodedata.normalize("NFKD", text[:200].casefold())
    unaccented = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", unaccented).strip()


def _pattern(words: str) -> re.Pattern[str]:
    # "?" and "*" as in Excel's search: one letter, any letters within the word.
    choices = "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w") for word in words.split("|"))
    return re.compile(rf"\b(?:{choices})\b")


@cache
def _rules_by_prefix() -> dict[str, tuple[str, Rule]]:
    return {prefix.casefold(): (prefix, rule) for rule in RULES for prefix in rule.rgs.split()}


@cache
def _word_rules() -> tuple[tuple[re.Pattern[str], Rule], ...]:
    return tuple((_pattern(rule.words), rule) for rule in RULES if rule.words)


@cache
def _pool_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(words), pool) for words, pool in POOL_NAMES)
