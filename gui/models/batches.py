"""Batches part by part: how each batch stands, and what became of each of its parts. It knows no widgets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.batches import BatchLeg, BatchReport, BatchStatus, LegStatus
from gui.models.table import Column
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate

_GOOD = (BatchStatus.COMMITTED, BatchStatus.COMMITTED_WITH_DUST)
_UNDER_WAY = (BatchStatus.WORKING, BatchStatus.COMPENSATING)


@dataclass(frozen=True, slots=True)
class BatchPart:
    """One part of a batch, counted from 1; the whole report stands behind it."""

    report: BatchReport
    number: int

    @property
    def leg(self) -> BatchLeg:
        """The part itself."""
        return self.report.legs[self.number - 1]

    @property
    def executed(self) -> Decimal:
        """What its orders executed, either way, base units."""
        return self.leg.totals.entered_quantity + self.leg.totals.left_quantity

    @property
    def why(self) -> str:
        """What is said of the part, or else of the whole."""
        return self.leg.text or self.report.text


def parts_of(report: BatchReport) -> Iterator[tuple[tuple[str, int], BatchPart]]:
    """Give every part of a batch, each with its key."""
    for number in range(1, len(report.legs) + 1):
        yield (report.batch_id, number), BatchPart(report, number)


def is_open(row: BatchPart) -> bool:
    """Whether the batch is not over."""
    return not row.report.is_over


def needs_a_look(row: BatchPart) -> bool:
    """Whether the batch did not come out as it was asked."""
    return row.report.status not in _GOOD and row.report.status not in _UNDER_WAY


def batch_columns() -> Sequence[Column[BatchPart]]:
    """Return the columns of the list of batches."""
    return (
        Column(
            translate("Batches", "Time (UTC)"),
            lambda row: formats.time_text(row.report.created_at),
            sort_key=lambda row: (row.report.created_at, row.report.batch_id, -row.number),
            exact=lambda row: row.report.created_at,
            tooltip=lambda row: row.report.batch_id,
            sample="00:00:00",
        ),
        Column(
            translate("Batches", "Mode"),
            lambda row: formats.state_text(row.report.mode),
            tooltip=lambda row: formats.state_text(row.report.guarantee),
            sample="Sequential",
        ),
        Column(
            translate("Batches", "Batch"),
            lambda row: formats.state_text(row.report.status),
            tone=lambda row: _tone_of(row.report),
            tooltip=lambda row: row.report.text or formats.state_text(row.report.phase),
            sample="Compensated with residual",
        ),
        Column(
            translate("Batches", "Part"),
            lambda row: translate("Batches", "{number} of {count}").format(
                number=row.number, count=len(row.report.legs)
            ),
            sort_key=lambda row: row.number,
            sample="10 of 10",
        ),
        Column(translate("Batches", "Does"), _does, tooltip=_about, sample="Reduce BTC/USDT"),
        Column(
            translate("Batches", "Part is"),
            lambda row: formats.state_text(row.leg.status),
            tone=lambda row: Tone.FALL if row.leg.status is LegStatus.FAILED else None,
            sample="Waiting",
        ),
        Column(
            translate("Batches", "Executed"),
            lambda row: formats.quantity_text(row.executed),
            sort_key=lambda row: row.executed,
            is_number=True,
            exact=lambda row: row.executed,
            sample="1,000.000",
        ),
        Column(
            translate("Batches", "Fees"),
            lambda row: formats.money_text(row.leg.totals.fees),
            sort_key=lambda row: row.leg.totals.fees,
            is_number=True,
            exact=lambda row: row.leg.totals.fees,
            sample="1,000.00",
        ),
        Column(
            translate("Batches", "Because"),
            lambda row: row.why,
            tooltip=lambda row: row.why,
            sample="filled 0 of 1: the venue",
        ),
    )


def _does(row: BatchPart) -> str:
    kind = formats.state_text(row.leg.kind)
    if row.leg.symbol is None or row.leg.direction is None:
        return kind
    return f"{kind} {formats.side_text(row.leg.direction)} {row.leg.symbol}"


def _about(row: BatchPart) -> str:
    return "\n".join((_does(row), row.leg.group_id, *row.leg.trades, *row.leg.groups))


def _tone_of(report: BatchReport) -> Tone | None:
    if report.status in _GOOD:
        return Tone.RISE
    return Tone.ACCENT if report.status in _UNDER_WAY else Tone.WARNING
