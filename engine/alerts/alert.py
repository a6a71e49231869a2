"""One alert: what happened, since when, how often, and whether a person has said that it was seen."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.contracts.base import Contract, UtcDatetime, Word


class AlertLevel(Word):
    """How much it matters, least first."""

    NOTICE = "NOTICE"
    """Worth knowing; nothing is shown over other work."""
    WARNING = "WARNING"
    """A person may want to look; shown until somebody has."""
    CRITICAL = "CRITICAL"
    """A person must look now: money is at risk and the program cannot settle it alone."""

    @property
    def rank(self) -> int:
        """Its place from 0, to compare by."""
        return tuple(AlertLevel).index(self)


class AlertKind(Word):
    """What an alert is about. The value stands in files: it never changes."""

    FLATTEN_INCOMPLETE = "FLATTEN_INCOMPLETE"
    """A flatten went through its whole ladder and something is still open. Subject: the job."""
    ORDER_UNKNOWN = "ORDER_UNKNOWN"
    """Nobody knows whether an order is at the venue. Subject: the order."""
    JOURNAL_UNAVAILABLE = "JOURNAL_UNAVAILABLE"
    """The journal cannot be written."""
    SESSION_FAILED = "SESSION_FAILED"
    """The session ended because it could not go on."""
    VENUE_SILENT = "VENUE_SILENT"
    """Nothing can be heard from the venue."""
    DAILY_LOSS = "DAILY_LOSS"
    """The guard lets nothing new pass: the day's loss is reached. Subject: the day, UTC."""
    MARKET_STALE = "MARKET_STALE"
    """The market says nothing although the session runs."""
    PLUGIN_QUARANTINED = "PLUGIN_QUARANTINED"
    """A plugin is not used. Subject: its name."""
    STRATEGY_PAUSED = "STRATEGY_PAUSED"
    """A strategy was paused, and not by a person. Subject: its id."""
    ENGINE_BEHIND = "ENGINE_BEHIND"
    """More happens than the window can show in time."""
    WINDOW_HUNG = "WINDOW_HUNG"
    """The window did not answer for some seconds."""
    TRADING_HALTED = "TRADING_HALTED"
    """No new risk is taken until a person has looked."""

    @property
    def level(self) -> AlertLevel:
        """How much it matters."""
        if self in _CRITICAL:
            return AlertLevel.CRITICAL
        return AlertLevel.NOTICE if self in _NOTICES else AlertLevel.WARNING


_CRITICAL: Final = frozenset(
    {
        AlertKind.FLATTEN_INCOMPLETE,
        AlertKind.ORDER_UNKNOWN,
        AlertKind.JOURNAL_UNAVAILABLE,
        AlertKind.SESSION_FAILED,
        AlertKind.VENUE_SILENT,
    }
)
_NOTICES: Final = frozenset({AlertKind.TRADING_HALTED})
"""A halt is most often a person's own, and the status bar shows it in any case."""


class Alert(Contract):
    """One alert. Times are the session's, UTC; None while the session has no time yet.

    `subject` is the id or name of what it is about, empty where the kind says it all; `detail` is the session's own
    sentence or the measured value. `ended_at` is when it was over, or for one of an earlier session when it was last
    known to stand: only the session that runs can say that something stands.
    """

    number: Annotated[int, Field(ge=1)]
    kind: AlertKind
    subject: str = ""
    detail: str = ""
    first_at: UtcDatetime | None = None
    at: UtcDatetime | None = None
    """Its newest occurrence."""
    times: Annotated[int, Field(ge=1)] = 1
    stands: bool = True
    """Whether it is so now, as far as the session that runs has told."""
    ended_at: UtcDatetime | None = None
    is_acknowledged: bool = False

    @property
    def level(self) -> AlertLevel:
        """How much it matters."""
        return self.kind.level


class SavedAlerts(BaseModel):
    """A book of alerts as it is kept between sessions, raised first first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    alerts: tuple[Alert, ...] = ()
