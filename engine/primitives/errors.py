"""The error tree: one class per consequence, so that a handler knows what to do next.

```text
EngineError
├── ConfigError        refuse to start; says file, line and key path
├── WiringError        refuse to start; says event, worker and method
├── PluginError        quarantine the plugin; no new trades of that strategy
│   └── OutputContractBroken   a worker said something that its manifest does not allow
├── DataError          skip the tick, mark the source stale
├── PlanError          no trade; the journal says why
├── VenueError
│   ├── VenueRejected      a definite no
│   ├── VenueUnavailable   never sent: may be tried again
│   └── OutcomeUnknown     maybe sent: reconcile, never send again
├── LedgerMismatch     halt trading, ask a person
└── InvariantBroken    a bug: stop the engine, keep the window
```
"""

from typing import ClassVar


class EngineError(Exception):
    """An error of ours: a full sentence without the facts, and the facts as attributes.

    Args:
        message: One sentence that stays the same for every occurrence.
        facts: What was the case, by name; shown after the sentence.
    """

    consequence: ClassVar[str] = "the action is refused"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts: dict[str, object] = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.message
        return f"{self.message} ({', '.join(f'{name}={value}' for name, value in self.facts.items())})"


class ConfigError(EngineError):
    """A file of the user's cannot be used as it stands."""

    consequence = "nothing is started"


class WiringError(EngineError):
    """Who hears whom cannot be as the map says."""

    consequence = "nothing is started"


class PluginError(EngineError):
    """Foreign code failed or broke its promise."""

    consequence = "the plugin is quarantined and its strategy opens no new trades"


class OutputContractBroken(PluginError):
    """A worker returned or published something that its manifest does not list."""


class DataError(EngineError):
    """Market data is stale, has a gap, or is not a number."""

    consequence = "the tick is skipped"


class PlanError(EngineError):
    """No sound plan exists for this directive."""

    consequence = "no trade is made"


class VenueError(EngineError):
    """A venue did not do what was asked."""


class VenueRejected(VenueError):
    """The venue, or our own rules for it, said no before anything was done."""

    consequence = "the order is closed as rejected"


class VenueUnavailable(VenueError):
    """Nothing was sent; the request may be tried again."""

    consequence = "the request waits and is tried again"


class OutcomeUnknown(VenueError):
    """Something may have been sent; only the venue's own books can tell."""

    consequence = "the order is looked up at the venue and never sent again"


class LedgerMismatch(EngineError):
    """Our books and the evidence disagree."""

    consequence = "trading halts until a person decides"


class InvariantBroken(EngineError):
    """A promise inside the engine does not hold."""

    consequence = "the engine stops and the window stays"
