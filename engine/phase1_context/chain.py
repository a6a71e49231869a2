"""The chain of context workers: who owns which column, and the word that all of them are done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.market import BAR_COLUMNS
from engine.primitives.errors import WiringError


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One context worker's claim: the columns that it writes, and those that it reads of others."""

    worker_id: str
    columns: tuple[ColumnSpec, ...]
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """Where each column stands in the row of a context; the five columns of the bar come first.

    `specs` are the enriched columns in chain order, `first_column` is by worker id.
    """

    specs: tuple[ColumnSpec, ...]
    first_column: Mapping[str, int]


def assign_columns(links: Sequence[ChainLink]) -> ColumnLayout:
    """Give every context worker its place in the row.

    Raises:
        WiringError: a column has two owners, or is read before anyone has written it; the message lists all findings.
    """
    owner = dict.fromkeys(BAR_COLUMNS, "the bar itself")
    later = {column.name: link.worker_id for link in links for column in link.columns}
    specs: list[ColumnSpec] = []
    first_column: dict[str, int] = {}
    findings: list[str] = []
    for link in links:
        findings += [_missing(link, name, owner, later) for name in link.requires if name not in owner]
        first_column[link.worker_id] = len(BAR_COLUMNS) + len(specs)
        for column in link.columns:
            if column.name in owner:
                findings.append(
                    f"{link.worker_id} claims the column {column.name}, which belongs to {owner[column.name]}: "
                    "give one of them other settings, or leave one out"
                )
            owner[column.name] = link.worker_id
            specs.append(column)
    if findings:
        raise WiringError("the context workers do not form a chain: " + "; ".join(findings))
    return ColumnLayout(tuple(specs), first_column)


def _missing(link: ChainLink, name: str, owner: Mapping[str, str], later: Mapping[str, str]) -> str:
    if name in later:
        return f"{link.worker_id} reads {name}, which {later[name]} writes later: move {later[name]} before it"
    near = get_close_matches(name, [*owner, *later], n=1)
    hint = f" (nearest: {near[0]})" if near else ""
    return f"{link.worker_id} reads {name}, which no worker writes{hint}"


class ContextChain:
    """Closes the chain: wired last to TICK_RECEIVED, it says that every column of the bar is written."""

    def on_tick(self, context: TradingContext) -> TradingContext:
        """Hand the enriched context on."""
        return context
