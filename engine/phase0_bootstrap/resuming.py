"""What the workers of a new session go on with: the states that the last one left, checked before anything starts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.config.findings import ConfigFinding, ConfigRefused
from engine.contracts.worker_state import SavedState
from engine.phase0_bootstrap.factory import Post
from engine.phase0_bootstrap.fence import behind_fence
from engine.phase0_bootstrap.strategy_assembly import PlannedStrategy
from engine.primitives.errors import EngineError
from engine.primitives.kept import kept_text, kept_values
from engine.primitives.timeframes import datetime_from_ns


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why a state stays where it is; for the journal's notes."""

    strategy_id: str
    text: str


def resume(
    planned: Sequence[PlannedStrategy], left: Sequence[SavedState], *, start_ns: int
) -> tuple[Sequence[PlannedStrategy], Sequence[NotTaken]]:
    """Return the strategies with the states that their workers go on with, and a note for each state that nobody takes.

    A state of another version is migrated by its plugin.

    Args:
        planned: All strategies of the session.
        left: What was kept in the session before.
        start_ns: Where the new session begins, UTC nanoseconds; what is dated later is not of its past.

    Raises:
        ConfigError: a plugin cannot read what it kept itself; lists all of them, with their lines in the blueprints.
    """
    taken: list[SavedState] = []
    notes: list[NotTaken] = []
    findings: list[ConfigFinding] = []
    strategies = {strategy.linked.blueprint.model.strategy_id: strategy for strategy in planned}
    for state in left:
        strategy = strategies.get(state.strategy_id)
        post = _heir(strategy, state)
        if strategy is None or post is None:
            notes.append(_note(state, "this session employs nobody of that name and plugin who keeps anything"))
        elif state.at_ns > start_ns:
            begins = f"{datetime_from_ns(start_ns):%Y-%m-%d %H:%M:%S} UTC"
            notes.append(_note(state, f"it is from {_date(state)}, and this session begins at {begins}, before that"))
        else:
            try:
                taken.append(_in_todays_format(post, state))
            except EngineError as error:
                findings += _refusal(strategy, post, state, error).findings
    if findings:
        raise ConfigRefused(findings)
    of = {name: tuple(state for state in taken if state.strategy_id == name) for name in strategies}
    return [replace(strategy, states=of[name]) for name, strategy in strategies.items()], notes


class _Unreadable(EngineError):
    """A plugin has no way from the old format to its own."""


def _heir(strategy: PlannedStrategy | None, state: SavedState) -> Post | None:
    """Return the worker whose state it is, if it is still employed and keeps one."""
    for post in strategy.factory.posts if strategy is not None else ():
        manifest = post.plugin.manifest
        is_same = (post.worker_id, manifest.identification.name) == (state.worker_id, state.plugin)
        if is_same and manifest.capabilities.state is not None:
            return post
    return None


def _in_todays_format(post: Post, state: SavedState) -> SavedState:
    """Return a state in the format that its plugin reads today.

    Raises:
        EngineError: the plugin cannot take it over, or failed while it tried.
    """
    asked = post.plugin.manifest.capabilities.state
    if asked is None or asked.version == state.version:
        return state
    migrated = behind_fence(
        f"Migrating the state of {post.worker_id}",
        lambda: post.worker_class.migrate_state(state.version, kept_values(state.body)),
        folder=post.plugin.folder,
    )
    if migrated is None:
        raise _Unreadable("The plugin has no migration for it")
    return state.model_copy(update={"version": asked.version, "body": kept_text(migrated)})


def _refusal(strategy: PlannedStrategy, post: Post, state: SavedState, error: EngineError) -> ConfigRefused:
    asked, release = post.plugin.manifest.capabilities.state, post.plugin.manifest.identification.version
    reads = asked.version if asked is not None else "none"
    return strategy.linked.blueprint.refusal(
        post.at,
        f"what {state.worker_id} kept until {_date(state)} is of version {state.version}, and {state.plugin} {release} "
        f"reads version {reads}: {str(error).rstrip('.')}",
        what_to_do=(
            "Take a release of the plugin that can read or migrate it (`migrate_state`), or begin without it: "
            "`s1mpletrader run OPERATION --fresh`."
        ),
    )


def _note(state: SavedState, reason: str) -> NotTaken:
    return NotTaken(
        state.strategy_id, f"What {state.worker_id} ({state.plugin}) kept before was not taken over: {reason}."
    )


def _date(state: SavedState) -> str:
    return f"{datetime_from_ns(state.at_ns):%Y-%m-%d %H:%M:%S} UTC"
