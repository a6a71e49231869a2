"""What a session leaves to the next, read from its journal. The time goes with what lives, not with how long it ran."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Context, Decimal, Inexact
from pathlib import Path
from typing import Final, TypeVar

from engine.contracts.base import Contract
from engine.contracts.batches import BatchReport
from engine.contracts.carried import CarriedBooks
from engine.contracts.commands import TradingState
from engine.contracts.fees import fee_parts
from engine.contracts.orders import Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.contracts.venue import FundingPaid
from engine.journal.inputs import InputKind, instant_of_event, read_input
from engine.journal.journal import FILL_ROWS, GROUP_ROWS, ORDER_ROWS, POSITION_ROWS, TRADE_ROWS
from engine.ports.journal import ACCOUNT, CLOSING, PAUSED, VENUE_READ
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import TradeId, instant_of
from engine.primitives.money import ZERO
from engine.primitives.timeframes import NS_PER_DAY, NS_PER_SECOND, datetime_from_ns, ns_from_datetime
from engine.storage.database import Reader, as_json
from engine.storage.rows import RowCodec

N = TypeVar("N", bound=Contract)

OVERLAP: Final = timedelta(minutes=2)
"""How far before the last complete reading the venue is read again (live-execution.md 1.5, row 5)."""
CLOSED_TRADES: Final = 1_000
"""How many trades that are done are carried, for workers that learn from results: as many as they may ask for."""
EXACT: Final = Context(prec=200, traps=[Inexact])
"""Money is added without losing a digit, or not at all."""
_HAS_STANDING: Final = 4
"""Version of the schema from which on there is a table of what is allowed."""
_END_OF_TIME_NS: Final = 2**63 - 1
_MARKET: Final = ("BAR", "PRINT", "QUOTE", "BOOK")
_LIVING_ORDERS: Final = "status NOT IN ('FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED')"
_LIVING_GROUPS: Final = "status NOT IN ('COMPLETED', 'CANCELLED', 'FAILED')"
_LIVING_TRADES: Final = "status IN ('PENDING', 'OPEN')"
# Trades in which anything lives or to which anything happened lately, and the whole groups that they are in. All of it
# is put together from constants; what is asked travels as parameters.
_YOUNG: Final = f"""
WITH young AS (
    SELECT trade_id FROM trade WHERE {_LIVING_TRADES} OR closed_ns >= :since
    UNION SELECT trade_id FROM orders WHERE {_LIVING_ORDERS} OR updated_ns >= :since
), homes AS (
    SELECT group_id FROM orders WHERE trade_id IN young
    UNION SELECT group_id FROM execution_group WHERE {_LIVING_GROUPS}
), carried AS (
    SELECT * FROM orders WHERE group_id IN homes OR trade_id IN young
)
"""  # noqa: S608  # constants of ours; values travel as parameters
_ORDERS: Final = f"{_YOUNG} SELECT * FROM carried ORDER BY order_id"  # noqa: S608  # constants of ours; values travel as parameters
_GROUPS: Final = f"{_YOUNG} SELECT * FROM execution_group WHERE group_id IN homes ORDER BY group_id"  # noqa: S608  # constants of ours; values travel as parameters
_TRADES: Final = f"""
{_YOUNG} SELECT * FROM trade WHERE trade_id IN young OR trade_id IN (SELECT trade_id FROM carried) ORDER BY trade_id
"""  # noqa: S608  # constants of ours; values travel as parameters
_FILLS: Final = f"""
{_YOUNG} SELECT * FROM fill WHERE order_id IN (SELECT order_id FROM carried) ORDER BY fill_id
"""  # noqa: S608  # constants of ours; values travel as parameters
_PLANS: Final = f"{_YOUNG} SELECT body FROM group_plan WHERE group_id IN homes ORDER BY group_id"  # noqa: S608  # constants of ours; values travel as parameters
_HAS_PLANS: Final = 5
"""Version of the schema from which on there are plans of groups."""
_HAS_FEE_CURRENCIES: Final = 8
"""Version of the schema from which on each fill says what its fee was paid in."""
BATCHES: Final = 200
"""How many batches that are over are carried: an id names its second, so an old one cannot come again by chance."""
_HAS_BATCHES: Final = 6
"""Version of the schema from which on there are reports of batches."""
_NEWEST_IDS: Final = (
    "SELECT session_id AS id FROM session",
    "SELECT flow_id AS id FROM flow ORDER BY seq DESC LIMIT 1",
    "SELECT max(order_id) AS id FROM orders",
    "SELECT max(trade_id) AS id FROM trade",
    "SELECT max(group_id) AS id FROM execution_group",
    "SELECT max(fill_id) AS id FROM fill",
    "SELECT max(position_id) AS id FROM position",
    "SELECT max(command_id) AS id FROM command",
)


def read_books(path: Path) -> CarriedBooks:
    """Return what the session of a journal leaves, whether it was ended or killed.

    Raises:
        LedgerMismatch: the file cannot be read, or what stands in it cannot be.
    """
    with Reader(path) as reader:
        session = reader.row("SELECT session_id, started_ns, ended_ns, facts FROM session")
        if session is None:
            raise LedgerMismatch("The journal holds no session: nothing can be gone on from", path=path)
        before = _carried_in(reader)
        as_of_ns = last_instant_ns(reader)
        since_ns = min(as_of_ns, _read_until_ns(reader, session["started_ns"], before), _oldest_living_ns(reader))
        late = {"since": since_ns}
        positions = _notes(reader, POSITION_ROWS, "SELECT * FROM position ORDER BY position_id")
        paid = [FundingPaid.model_validate_json(body) for body in _fundings(reader)]
        funding = sum((payment.amount for payment in paid), ZERO if before is None else before.funding)
        starting = Decimal(_fact(session["facts"], "starting_cash")) if before is None else before.starting_cash
        standing = _standing(reader)
        state, reason = standing.pop(ACCOUNT, (TradingState.ACTIVE.value, ""))
        cash = _cash(starting, positions, funding)
        trades = _notes(reader, TRADE_ROWS, _TRADES, late)
        fees_in, balances = _fees_in(reader, before)
        return CarriedBooks(
            predecessor=session["session_id"],
            journal=path.name,
            as_of=datetime_from_ns(as_of_ns),
            since=datetime_from_ns(since_ns),
            id_second=_id_second(reader, as_of_ns),
            currency=_fact(session["facts"], "currency") if before is None else before.currency,
            starting_cash=starting,
            cash=cash,
            funding=funding,
            fees_in=fees_in,
            balances=balances,
            peak_equity=_peak_equity(reader, starting if before is None else before.peak_equity, cash, positions),
            equity=_worth(reader, before, starting),
            day_began_with=_day_began_with(reader, before, starting, as_of_ns),
            positions=positions,
            trades=trades,
            closed_trades=_closed_trades(reader, before, {trade.trade_id for trade in trades}),
            groups=_notes(reader, GROUP_ROWS, _GROUPS, late),
            orders=_notes(reader, ORDER_ROWS, _ORDERS, late),
            plans=_plans(reader, late),
            batches=_batches(reader),
            fills=_notes(reader, FILL_ROWS, _FILLS, late),
            fundings=tuple(one for one in paid if ns_from_datetime(one.at) >= since_ns),
            trading_state=TradingState(state),
            latch_reason=reason,
            pauses={name: why for name, (is_paused, why) in standing.items() if is_paused == PAUSED},
            closings={TradeId(name): why for name, (is_closing, why) in standing.items() if is_closing == CLOSING},
        )


def last_instant_ns(reader: Reader) -> int:
    """Return the last instant that a session knew (UTC nanoseconds): of the market, of its books, or its own end."""
    session = reader.row("SELECT started_ns, ended_ns FROM session")
    known = [] if session is None else [session["started_ns"], session["ended_ns"] or 0]
    for row in reader.rows("SELECT kind, body FROM input ORDER BY seq DESC LIMIT 1000"):
        if row["kind"] in _MARKET:
            event = read_input(InputKind(row["kind"]), row["body"]).event
            known.append(0 if event is None else instant_of_event(event))
            break
    for sql in ("SELECT max(at_ns) AS at_ns FROM equity", "SELECT at_ns FROM ledger_event ORDER BY seq DESC LIMIT 1"):
        row_ = reader.row(sql)
        known.append(0 if row_ is None else row_["at_ns"] or 0)
    return int(max(known))


def _read_until_ns(reader: Reader, started_ns: int, before: CarriedBooks | None) -> int:
    """Return since when something that the venue executed may be missing in the books (UTC nanoseconds).

    What was never told before a kill is found only if it is read again: so not the last instant counts, but the last
    complete reading, and without one the beginning.
    """
    sql = "SELECT at_ns FROM standing WHERE subject = ?"
    row = reader.row(sql, (VENUE_READ,)) if reader.version() >= _HAS_STANDING else None
    if row is not None:
        return ns_from_datetime(datetime_from_ns(row["at_ns"]) - OVERLAP)
    return started_ns if before is None else ns_from_datetime(before.since)


def _oldest_living_ns(reader: Reader) -> int:
    oldest = reader.row(f"SELECT min(created_ns) AS at_ns FROM orders WHERE {_LIVING_ORDERS}")  # noqa: S608  # a constant
    return _END_OF_TIME_NS if oldest is None or oldest["at_ns"] is None else int(oldest["at_ns"])


def _notes(reader: Reader, codec: RowCodec[N], sql: str, asked: Mapping[str, int] = {}) -> tuple[N, ...]:
    return tuple(codec.note(row) for row in reader.rows(sql, asked))


def _fees_in(reader: Reader, before: CarriedBooks | None) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal]]:
    """Return what was paid in fees that are not in quote, by currency, and what that did to balances of their own."""
    fees_in = {} if before is None else dict(before.fees_in)
    balances = {} if before is None else dict(before.balances)
    if reader.version() < _HAS_FEE_CURRENCIES:
        return fees_in, balances
    carried = set() if before is None else {fill.fill_id for fill in before.fills}
    for row in reader.rows("SELECT fill_id, symbol, fee, fee_currency FROM fill WHERE fee_currency != ''"):
        currency = row["fee_currency"]
        parts = fee_parts(Decimal(row["fee"]), currency, row["symbol"])
        if row["fill_id"] in carried or not (parts.base or parts.other):
            continue
        fees_in[currency] = EXACT.add(fees_in.get(currency, ZERO), EXACT.add(parts.base, parts.other))
        if parts.other:
            balances[currency] = EXACT.subtract(balances.get(currency, ZERO), parts.other)
    return fees_in, balances


def _plans(reader: Reader, asked: Mapping[str, int]) -> tuple[GroupPlan, ...]:
    if reader.version() < _HAS_PLANS:
        return ()
    return tuple(GroupPlan.model_validate_json(row["body"]) for row in reader.rows(_PLANS, asked))


def _batches(reader: Reader) -> tuple[BatchReport, ...]:
    """Return all batches that are not over, and the newest of the others; ids sort by time."""
    if reader.version() < _HAS_BATCHES:
        return ()
    rows = reader.rows("SELECT body FROM batch ORDER BY batch_id")
    found = [BatchReport.model_validate_json(row["body"]) for row in rows]
    return tuple(report for place, report in enumerate(found) if not report.is_over or place >= len(found) - BATCHES)


def _carried_in(reader: Reader) -> CarriedBooks | None:
    row = reader.row("SELECT body FROM input WHERE seq = 0 AND kind = ?", (InputKind.BOOKS,))
    return None if row is None else CarriedBooks.model_validate_json(row["body"])


def _fundings(reader: Reader) -> Iterator[str]:
    for row in reader.rows("SELECT body FROM ledger_event WHERE kind = 'FUNDING' ORDER BY seq"):
        yield as_json(json.loads(row["body"])["funding"])


def _standing(reader: Reader) -> dict[str, tuple[str, str]]:
    if reader.version() < _HAS_STANDING:
        return {}
    return {row["subject"]: (row["state"], row["reason"]) for row in reader.rows("SELECT * FROM standing")}


def _fact(facts: str, name: str) -> str:
    found = json.loads(facts).get(name)
    if not isinstance(found, str):
        raise LedgerMismatch("The journal does not say with what its account began: it is of an older program", of=name)
    return found


def _cash(starting: Decimal, positions: Sequence[Position], funding: Decimal) -> Decimal:
    """Return the cash, by what every execution did to a position: what it cost, what it realised, its fee. Exact."""
    cash = EXACT.add(starting, funding)
    for held in positions:
        cash = EXACT.add(cash, EXACT.subtract(EXACT.subtract(held.realised_pnl, held.cost_quote), held.fees_paid))
    return cash


def _peak_equity(reader: Reader, before: Decimal, cash: Decimal, positions: Sequence[Position]) -> Decimal:
    # Text sorts otherwise than numbers, and a float may tie: the few highest decide.
    rows = reader.rows("SELECT equity FROM equity ORDER BY CAST(equity AS REAL) DESC LIMIT 8")
    seen = [before, *(Decimal(row["equity"]) for row in rows)]
    is_flat = not any(held.quantity for held in positions)
    return max([*seen, cash] if is_flat else seen)


def _worth(
    reader: Reader, before: CarriedBooks | None, starting: Decimal, *, until_ns: int = _END_OF_TIME_NS
) -> Decimal:
    """Return what the account was worth last, or at the latest at an instant (UTC nanoseconds)."""
    sql = "SELECT equity FROM equity WHERE at_ns <= ? ORDER BY at_ns DESC LIMIT 1"
    row = reader.row(sql, (until_ns,))
    if row is not None:
        return Decimal(row["equity"])
    return starting if before is None or before.equity is None else before.equity


def _day_began_with(reader: Reader, before: CarriedBooks | None, starting: Decimal, as_of_ns: int) -> Decimal:
    """Return what the account was worth when the day (UTC) of an instant began; the session may have begun after that."""
    midnight_ns = as_of_ns - as_of_ns % NS_PER_DAY
    carried = None if before is None else before.day_began_with
    began_today = before is not None and ns_from_datetime(before.as_of) >= midnight_ns
    return carried if began_today and carried is not None else _worth(reader, before, starting, until_ns=midnight_ns)


def _closed_trades(reader: Reader, before: CarriedBooks | None, carried: set[TradeId]) -> tuple[Trade, ...]:
    sql = "SELECT * FROM trade WHERE status = 'CLOSED' ORDER BY trade_id DESC LIMIT ?"
    found = {trade.trade_id: trade for trade in (() if before is None else before.closed_trades)}
    found |= {trade.trade_id: trade for trade in map(TRADE_ROWS.note, reader.rows(sql, (CLOSED_TRADES,)))}
    newest = sorted(trade_id for trade_id in found if trade_id not in carried)[-CLOSED_TRADES:]
    return tuple(found[trade_id] for trade_id in newest)


def _id_second(reader: Reader, as_of_ns: int) -> int:
    """Return the latest second that any id of the session names: the source may be ahead of the clock."""
    found = [datetime_from_ns(as_of_ns)]
    for sql in _NEWEST_IDS:
        found += [instant_of(row["id"]) for row in reader.rows(sql) if row["id"]]
    ticks = reader.row("SELECT last_second FROM tick_block ORDER BY rowid DESC LIMIT 1")
    return max(ns_from_datetime(max(found)) // NS_PER_SECOND, 0 if ticks is None else ticks["last_second"])
