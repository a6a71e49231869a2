"""Takes secrets out of what is written down or handed to others."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

REMOVED: Final = "[secret removed]"
_SHORTEST: Final = 6
"""A value of the environment shorter than this is a word like ``true``, and would blot out half of every text."""

_SPEAKING: Final = r"api[_-]?key|secret|passwd|password|passphrase|token|private[_-]?key|mnemonic|seed[_-]?phrase|credential|apprise|webhook|alert_urls"
_NAME: Final = re.compile(_SPEAKING, re.IGNORECASE)
_NAMED: Final = rf"([\w.-]*(?:{_SPEAKING})[\w.-]*(?:\\*[\"'])?\s*[:=]\s*)"
_HINT: Final = re.compile(rf"{_SPEAKING}|://|bearer|basic|private key|0x[0-9a-f]{{64}}", re.IGNORECASE)
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), REMOVED),
    # Web addresses stay readable without what stands before an @, and but for hooks; any other scheme reaches somebody.
    (re.compile(r"\b(https?://)[^\s/@\"'<>]*@", re.IGNORECASE), rf"\1{REMOVED}@"),
    (re.compile(r"\b(https?://)[^\s\"'<>]*hook[^\s\"'<>]*", re.IGNORECASE), rf"\1{REMOVED}"),
    (re.compile(r"\b(?!https?:|file:)([a-z][a-z0-9+.-]{2,}://)[^\s\"'<>]+", re.IGNORECASE), rf"\1{REMOVED}"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE), rf"\1 {REMOVED}"),
    # Below a name in YAML: all lines that are further in, and the items of a list.
    (
        re.compile(
            rf"^([ \t]*)([\w.-]*(?:{_SPEAKING})[\w.-]*:)[ \t]*[|>]?[+-]?[ \t]*\n(?:\1(?:[ \t]+|- ).*(?:\n|\Z))+",
            re.IGNORECASE | re.MULTILINE,
        ),
        rf"\1\2 {REMOVED}\n",
    ),
    (re.compile(rf"{_NAMED}(?:\{{[^{{}}]*\}}|\[[^\[\]]*\])", re.IGNORECASE), rf"\1{REMOVED}"),
    # Behind a name: in quotes that are themselves quoted, in quotes, and bare to the end of the line.
    (re.compile(rf"{_NAMED}(\\+[\"'])(?:(?!\2).)*", re.IGNORECASE), rf"\1\2{REMOVED}"),
    (re.compile(rf"{_NAMED}([\"'])(?:(?!\2)[^\\]|\\.)*", re.IGNORECASE), rf"\1\2{REMOVED}"),
    (re.compile(rf"{_NAMED}(?!\\*[\"'])[^\s\"\\][^\n\"\\]*", re.IGNORECASE), rf"\1{REMOVED}"),
    (re.compile(r"\b0x[0-9a-fA-F]{64}\b"), REMOVED),
)


def secrets_in(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the values of the environment variables whose name speaks of a key, a token or a password.

    Of a list of addresses each is one.
    """
    values = (value for name, value in environment.items() if _NAME.search(name))
    parts = (part for value in values for part in (value, *(value.split() if "://" in value else ())))
    return frozenset(part for part in parts if len(part) >= _SHORTEST)


def cleaner(environment: Mapping[str, str], home: Path) -> Callable[[str], str]:
    """Return what takes secrets out of a text.

    Removed are: the values of environment variables whose name speaks of a key, a token or a password; what stands after
    such a name in YAML, JSON, a query or a log line; private keys; credentials in addresses; and addresses that reach a
    person's phone. The home folder becomes ``~``, for it names a person.

    Args:
        environment: Of the process.
        home: The user's home folder.
    """
    known = [re.escape(value) for value in sorted(secrets_in(environment), key=len, reverse=True)]
    exact = re.compile("|".join(known)) if known else None
    folder = str(home)

    def clean(text: str) -> str:
        if exact is not None:
            text = exact.sub(REMOVED, text)
        if _HINT.search(text) is not None:  # most texts have nothing to hide, and a journal has millions
            for pattern, instead in _PATTERNS:
                text = pattern.sub(instead, text)
        return text.replace(folder, "~") if len(folder) > 1 else text

    return clean
