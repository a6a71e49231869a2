"""Fuzzy search over short texts: the letters that were typed must come in their order, and good places count more."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

_FIRST: Final = 12
"""The letter begins the text."""
_WORD: Final = 9
"""The letter begins a word."""
_NEXT: Final = 6
"""The letter follows the one found before it."""
_FOUND: Final = 1
_SKIPPED: Final = 40
"""So many letters between found ones cost one point."""


def score(query: str, text: str) -> float | None:
    """Return how well a text fits what was typed, higher is better; None when a letter is missing.

    Case does not count, nor do spaces in the query. The best of all ways to place the letters is taken, by dynamic
    programming over the text: O(letters of the query x letters of the text).
    """
    wanted, given = "".join(query.casefold().split()), text.casefold()
    if not wanted:
        return 0.0
    best: list[float | None] = [None] * len(given)  # with the letters so far placed, the last of them exactly here
    for number, letter in enumerate(wanted):
        reached: float | None = None  # the best place of the letters before, anywhere to the left of here
        following: list[float | None] = [None] * len(given)
        for at, here in enumerate(given):
            before = best[at - 1] if at else None
            if at and before is not None:
                reached = before if reached is None else max(reached, before)
            if here != letter:
                continue
            worth = _worth(given, at)
            if number == 0:
                following[at] = worth
            elif reached is not None:
                run = before + _NEXT if before is not None else reached
                following[at] = worth + max(run, reached)
        best = following
    ends = [each for each in best if each is not None]
    return max(ends) - len(given) / _SKIPPED if ends else None


def ranked(query: str, items: Iterable[T], text_of: Callable[[T], str]) -> list[T]:
    """Return the items that fit, best first; those that fit equally well keep their order."""
    scored = [(value, item) for item in items if (value := score(query, text_of(item))) is not None]
    return [item for _, item in sorted(scored, key=lambda each: -each[0])]


def _worth(text: str, at: int) -> int:
    if at == 0:
        return _FIRST
    return _WORD if not text[at - 1].isalnum() else _FOUND
