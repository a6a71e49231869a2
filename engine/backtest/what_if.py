"""What if: plays a recorded session once as it was and once with other settings, and compares flow by flow."""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from engine.backtest.recorded_session import RecordedSession
from engine.backtest.variations import Settings, Variation, known_settings, with_settings
from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.contracts.what_if import ChangeKind, FlowChange, SessionFigures, WhatIf
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.ports.journal import StoredFlow, StoredNode
from engine.primitives.errors import ConfigError
from engine.primitives.ids import ID_PATTERN

_ID: Final = re.compile(rf"\b{ID_PATTERN.strip('^$')}\b")
FlowKey = tuple[int, str, str, int]
"""What makes two flows of two journals the same: when, whose, born of what, and the how many-th of those."""


def settings_of(words: Sequence[str]) -> Settings:
    """Read settings as they are written on the command line, one value each.

    Raises:
        ConfigError: one names no setting, gives several values, or is there twice.
    """
    variations = [Variation.parse(word) for word in words]
    for each in variations:
        if len(each.values) > 1:
            raise ConfigError(f"--set {each.path}: what if takes one value, not {', '.join(each.values)}.")
    paths = Counter(each.path for each in variations)
    doubled = [path for path, count in paths.items() if count > 1]
    if doubled:
        raise ConfigError(f"--set {doubled[0]} is there twice.")
    return tuple((each.path, each.values[0]) for each in variations)


def what_if(journal: Path, settings: Settings, *, places: Places) -> WhatIf:
    """Say which flows of a session would have come out otherwise. Blocks until it is played twice.

    The market, the commands of people and what the session before had left are those of the journal. What was filled is
    worked out anew by the simulated venue, since other orders are filled otherwise; a command about an order or a group
    that there is not then is refused, as it would be. Neither the journal nor any file of the user's is changed.

    Args:
        journal: Of a session on paper, or of one that played recorded bars; may still be growing.
        settings: What is otherwise.
        places: Where the user's plugins are.

    Raises:
        ConfigError: the journal holds no inputs, or a setting is not there or not allowed.
        LedgerMismatch: the file is no journal, or is damaged.
    """
    session = RecordedSession.read(journal)
    with tempfile.TemporaryDirectory(prefix="s1mpletrader-what-if-") as name:
        folder = Path(name)
        bundle = session.bundle_in(folder / "asked")
        try:
            with_settings(bundle, settings, full_catalogue(places))  # a mistake is told before anything is played
        except ConfigError as error:
            laid_out = f"{bundle.operation.path.parent}{os.sep}"  # gone in a moment: nobody could look there
            raise ConfigError(str(error).replace(laid_out, "")) from error
        was = session.play(folder / "was", places=places)
        would_be = session.play(folder / "would-be", places=places, settings=settings)
        with SqliteJournalReader(was) as before, SqliteJournalReader(would_be) as after:
            return WhatIf(
                settings=tuple(f"{path}={value}" for path, value in settings),
                inputs=len(session.inputs),
                currency=bundle.operation.model.account.currency,
                is_as_recorded=not _deviates(journal, before),
                before=_figures(before),
                after=_figures(after),
                changes=tuple(_changes(before, after)),
            )


def settings_in(journal: Path, *, places: Places) -> Settings:
    """Return what can be otherwise in a session: every setting of its workers, as it was. Blocks on the disk.

    Raises:
        ConfigError: the journal holds no configuration, or one that cannot be used.
        LedgerMismatch: the file is no journal, or is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="s1mpletrader-what-if-") as name:
        return known_settings(RecordedSession.read(journal).bundle_in(Path(name)), full_catalogue(places))


def recorded_flow(journal: Path, identifier: str) -> StoredFlow:
    """Return the flow that an id comes from: a tick's own, a note's, an order's, a trade's.

    Raises:
        ConfigError: there is none in this journal.
        LedgerMismatch: the file is no journal, or is damaged.
    """
    with SqliteJournalReader(journal) as reader:
        flow_id = reader.flow_of(identifier)
        flow = None if flow_id is None else reader.flow(flow_id)
    if flow is None:
        raise ConfigError(f"{identifier} is not in {journal.name}: `s1mpletrader why` takes the ids that are.")
    return flow


def change_of(result: WhatIf, flow: StoredFlow) -> FlowChange | None:
    """Return how a flow of the session comes out otherwise; None if it does not."""
    birth = (flow.born_ns, flow.strategy_id, flow.birth_event)
    found = [each for each in result.changes if (each.born_ns, each.strategy_id, each.birth_event) == birth]
    return next((each for each in found if each.flow_id == flow.flow_id), found[0] if found else None)


def _figures(reader: SqliteJournalReader) -> SessionFigures:
    marks = reader.equity_curve()
    return SessionFigures(
        decisions=len(_by_key(reader)),
        trades=len(reader.trades()),
        equity=marks[-1].equity if marks else None,
    )


def _changes(before: SqliteJournalReader, after: SqliteJournalReader) -> Iterator[FlowChange]:
    """Give what differs, in the order of the market. A flow in which nobody decided anything is as good as none."""
    old, new = _by_key(before), _by_key(after)
    for key in sorted(old.keys() | new.keys()):
        was, would_be = old.get(key), new.get(key)
        difference = note_differences(_notes(before, was), _notes(after, would_be))
        if not difference and _end(was) == _end(would_be):
            continue
        known = was or would_be
        assert known is not None  # noqa: S101  # the key is of one of them
        yield FlowChange(
            kind=_kind(was, would_be),
            strategy_id=known.strategy_id,
            birth_event=known.birth_event,
            born_ns=known.born_ns,
            flow_id=None if was is None else was.flow_id,
            before=None if was is None else was.outcome,
            after=None if would_be is None else would_be.outcome,
            difference=tuple(difference),
        )


def _deviates(journal: Path, again: SqliteJournalReader) -> bool:
    """Tell whether a session that was played again decided otherwise than its journal says, as far as both go."""
    with SqliteJournalReader(journal) as recorded:
        flows = _by_key(recorded), _by_key(again)
        # A session that still runs has written more by now, and its last bar's flows may not be in it yet.
        end_ns = min((max((key[0] for key in each), default=0) for each in flows), default=0)
        return any(change.born_ns < end_ns for change in _changes(recorded, again))


def _by_key(reader: SqliteJournalReader) -> Mapping[FlowKey, StoredFlow]:
    found: dict[FlowKey, StoredFlow] = {}
    seen: Counter[tuple[int, str, str]] = Counter()
    for flow in reader.all_flows():
        if flow.outcome.kind is not OutcomeKind.NO_OPPORTUNITY:
            birth = (flow.born_ns, flow.strategy_id, flow.birth_event)
            found[*birth, seen[birth]] = flow
            seen[birth] += 1
    return found


def _kind(was: StoredFlow | None, would_be: StoredFlow | None) -> ChangeKind:
    if was is None:
        return ChangeKind.NEW
    if would_be is None:
        return ChangeKind.GONE
    return ChangeKind.VALUES if _end(was)[:3] == _end(would_be)[:3] else ChangeKind.OUTCOME


def _end(flow: StoredFlow | None) -> tuple[str, ...]:
    if flow is None:
        return ()
    end = flow.outcome
    return end.kind, end.stage, end.rule, _without_ids(end.reason)


def _notes(reader: SqliteJournalReader, flow: StoredFlow | None) -> Sequence[StoredNode]:
    """Return what was said in a flow; the platform's own notes repeat its outcome."""
    nodes = [] if flow is None else reader.nodes_of_flow(flow.flow_id)
    return [node for node in nodes if not node.event.startswith("_")]


def note_differences(was: Sequence[StoredNode], would_be: Sequence[StoredNode]) -> list[str]:
    """Return what was said otherwise in a flow, the cause first, one line for each note.

    A line begins with ``-`` for a note that is gone, ``+`` for a new one, and ``~`` for one with other values. A value
    that goes on through later notes is told where it first changes. Ids make no difference.
    """
    heads, other_heads = ([(node.event, node.worker, node.method) for node in nodes] for nodes in (was, would_be))
    told: set[tuple[str, str, str]] = set()
    lines: list[str] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(
        a=heads, b=other_heads, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pairs = zip(was[start:end], would_be[other_start:other_end], strict=True)
            lines += [line for old, new in pairs if (line := _changed_values(old, new, told))]
        else:
            lines += [f"- {_head(node)}" for node in was[start:end]]
            lines += [f"+ {_head(node)}" for node in would_be[other_start:other_end]]
    return lines


def _changed_values(old: StoredNode, new: StoredNode, told: set[tuple[str, str, str]]) -> str:
    before, after = (dict(_leaves(node.payload.model_dump(mode="json"))) for node in (old, new))
    changed = []
    for path in dict.fromkeys((*before, *after)):
        values = before.get(path, "nothing"), after.get(path, "nothing")
        fact = (path.rpartition(".")[2], *values)
        if values[0] != values[1] and fact not in told:
            told.add(fact)
            changed.append(f"{path} {values[0]} → {values[1]}")
    return f"~ {_head(old)}: {', '.join(changed)}" if changed else ""


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every value within a note by its dotted path; None counts as not there."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _leaves(part, f"{path}.{place}")
    elif value is not None:
        yield path, _without_ids(str(value))


def _head(node: StoredNode) -> str:
    return f"{node.event} by {node.worker}"


def _without_ids(text: str) -> str:
    return _ID.sub(lambda found: f"{found.group()[:3]}_…", text)
