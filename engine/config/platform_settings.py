"""platform.yaml: what holds for every operation on this machine."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, StringConstraints

from engine.config.base import ConfigModel, FileModel, Money
from engine.config.policies import (
    FaultParameters,
    FillParameters,
    FlattenSettings,
    GuardLimits,
    LineParameters,
    ScheduleRules,
    TranslationPolicy,
)
from engine.config.reconciling import ReconciliationSettings

PartT = TypeVar("PartT", bound=BaseModel)


class LogLevel(StrEnum):
    """How much is written down: WARNING means that a person may want to look, ERROR that a person must."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LoggingSettings(ConfigModel):
    """How loud the program is."""

    level: LogLevel = LogLevel.INFO
    """For all packages that are not named below."""
    packages: Mapping[Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_.]*$")], LogLevel] = Field(
        default_factory=dict
    )
    """By package, like engine.phase5_execution."""


class Supervision(ConfigModel):
    """What is done about workers that fail or dawdle (decisions 2.7)."""

    max_failures_in_a_row: Annotated[int, Field(ge=1, le=1000)] = 5
    """Flows that may end FAILED one after another before the strategy is paused and the user is told."""
    time_budget_ms: Annotated[float, Field(gt=0, le=60_000)] = 20.0
    """Milliseconds that one call of a worker may take; beyond, it is reported, never killed. 20 ms is a frame and a
    bit: more is felt in the window."""


class Synchronous(StrEnum):
    """When SQLite waits for the disk: FULL at each commit, NORMAL may lose the last commits at a power cut."""

    FULL = "FULL"
    NORMAL = "NORMAL"


class JournalSettings(ConfigModel):
    """How the journal is written."""

    block_size: Annotated[int, Field(ge=1, le=65_536)] = 512
    """Enriched rows of one strategy that are written to disk together. A larger block is faster and smaller; at a power
    cut the rows of an unwritten block are lost (never an order or a fill)."""
    synchronous: Synchronous = Synchronous.FULL
    """For sessions with orders that matter: FULL. 0.2 ms for each commit, against 50 ms and more for an order."""
    backups_kept_days: Annotated[int, Field(ge=0, le=3650)] = 14
    """For how many days the daily copies of paper journals are kept; 0 makes none. They are in `backups`, beside the
    journals: for another disk, link that folder there."""


class InstrumentExecution(ConfigModel):
    """What is otherwise for one instrument; what is not said here is as for all."""

    translation: TranslationPolicy = TranslationPolicy()
    fills: FillParameters = FillParameters()


class ExecutionSettings(ConfigModel):
    """How decisions become orders, and how simulated orders fill: for all instruments, and for one."""

    translation: TranslationPolicy = TranslationPolicy()
    fills: FillParameters = FillParameters()
    limits: GuardLimits = GuardLimits()
    """What no order may exceed, whoever asks for it."""
    schedules: ScheduleRules = ScheduleRules()
    flatten: FlattenSettings = FlattenSettings()
    """How an emergency flatten closes."""
    line: LineParameters = LineParameters()
    """Paper sessions: how far away the simulated venue is."""
    reconciliation: ReconciliationSettings = ReconciliationSettings()
    """Sessions: how often the venue's books are read, and what is believed when."""
    faults: FaultParameters = FaultParameters()
    """Paper sessions: what goes wrong between us and the simulated venue, for drills; an operation may say its own."""
    instruments: Mapping[str, InstrumentExecution] = Field(default_factory=dict)
    """By unified symbol, like BTC/USDT. Only what differs need be said: base units mean nothing across symbols."""

    def translation_for(self, symbol: str) -> TranslationPolicy:
        """Return the thresholds of an instrument: its own over those for all."""
        own = self.instruments.get(symbol)
        return self.translation if own is None else _laid_over(self.translation, own.translation)

    def fills_for(self, symbol: str) -> FillParameters:
        """Return the fill parameters of an instrument: its own over those for all."""
        own = self.instruments.get(symbol)
        return self.fills if own is None else _laid_over(self.fills, own.fills)


class AccountDefaults(ConfigModel):
    """What an operation has that does not say it."""

    starting_cash: Annotated[Money, Field(gt=0)] = Decimal(10_000)
    """Cash at the start of a backtest or paper session, in the operation's currency."""


class PlatformSettings(FileModel):
    """The whole of platform.yaml; everything has a default."""

    logging: LoggingSettings = LoggingSettings()
    supervision: Supervision = Supervision()
    journal: JournalSettings = JournalSettings()
    execution: ExecutionSettings = ExecutionSettings()
    account: AccountDefaults = AccountDefaults()


def _laid_over(base: PartT, own: PartT) -> PartT:
    """Return the base with what the own part says in so many words; what it leaves to its defaults is not said."""
    return type(base).model_validate(_merged(base.model_dump(), own.model_dump(exclude_unset=True)))


def _merged(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for name, value in own.items():
        under = merged.get(name)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        merged[name] = _merged(under, value) if both else value  # type: ignore[arg-type]  # both are mappings
    return merged
