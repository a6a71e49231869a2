"""What is wrong with a wiring, one finding for each fault, for people and for the editor alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.config.findings import nearest


class Severity(StrEnum):
    """How bad it is: an ERROR is refused, a WARNING may be meant, an INFO is only shown."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    INFO = "INFO"


class Rule(StrEnum):
    """The rules of wiring; the value is the code that people see."""

    UNKNOWN_EVENT = "unknown-event"
    UNKNOWN_WORKER = "unknown-worker"
    UNKNOWN_METHOD = "unknown-method"
    UNKNOWN_NOTE = "unknown-note"
    UNKNOWN_PLUGIN = "unknown-plugin"
    WRONG_SLOT = "wrong-slot"
    DUPLICATE_WORKER = "duplicate-worker"
    DUPLICATE_METHOD = "duplicate-method"
    DUPLICATE_EVENT = "duplicate-event"
    DUPLICATE_SUBSCRIPTION = "duplicate-subscription"
    PAYLOAD_MISMATCH = "payload-mismatch"
    ANNOTATION_MISMATCH = "annotation-mismatch"
    FORBIDDEN_OUTPUT = "forbidden-output"
    PLATFORM_EVENT = "platform-event"
    PLATFORM_MISSING = "platform-missing"
    NO_BIRTH = "no-birth"
    NO_PUBLISHER = "no-publisher"
    DEAD_END = "dead-end"
    CYCLE = "cycle"
    FEEDBACK = "feedback"
    UNREACHABLE = "unreachable"
    HEARS_NOTHING = "hears-nothing"
    JOIN_LEG_MISSING = "join-leg-missing"
    PHASE_BACKWARDS = "phase-backwards"
    CHAIN_ORDER = "chain-order"
    COLUMN_MISSING = "column-missing"
    COLUMN_TWICE = "column-twice"
    NO_DEPTH = "no-depth"


@dataclass(frozen=True, slots=True)
class WiringFinding:
    """One fault: which rule, how bad, where, what was found, and what to do about it.

    `line` counts from 1 in the file of the map; None where the fault has no line (a worker that nobody wired).
    """

    code: Rule
    severity: Severity
    text: str
    fix: str = ""
    event: str | None = None
    worker: str | None = None
    method: str | None = None
    line: int | None = None


def hint(written: str, known: Iterable[str]) -> str:
    """Return a sentence that names what is known and most like `written`, or else lists what there is."""
    options = sorted(known)
    close = nearest(written, options)
    if close:
        return f"Did you mean {close}?"
    return f"Known are: {', '.join(options)}." if options else "There is none to choose from."


def errors_of(findings: Iterable[WiringFinding]) -> tuple[WiringFinding, ...]:
    """Return the findings that forbid a start."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
