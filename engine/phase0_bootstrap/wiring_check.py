"""Looks at the wirings of an operation without starting anything."""

from collections.abc import Sequence
from pathlib import Path

from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.phase0_bootstrap.depth import may_have_depth, without_books
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.phase0_bootstrap.strategy_assembly import PlannedStrategy, plan_strategies
from engine.phase4_planning.coverage import Cell
from engine.wiring.findings import errors_of
from engine.wiring.render import describe
from engine.wiring.wiring_map import wiring_text


def check_operation(operation: Path, places: Places | None = None) -> tuple[Sequence[str], bool]:
    """Return what is to be said about the wirings and the planners' ranges, and whether anything forbids to start.

    Args:
        operation: An operation.yaml.
        places: Where the user's plugins lie; the user's own if not given.

    Raises:
        ConfigError: a file cannot be used.
        PluginError: a plugin cannot be imported.
    """
    bundle = load_all(operation)
    planned = _plan(bundle, places)
    is_blind = not may_have_depth(bundle)
    lines: list[str] = []
    has_errors = False
    for strategy in planned:
        lines.append(f"{strategy.linked.blueprint.model.name}: {strategy.source}")
        findings = (*strategy.findings, *(without_books(strategy) if is_blind else ()))
        has_errors = has_errors or bool(errors_of(findings))
        lines.append(describe(findings, source=strategy.source))
        lines.extend(_coverage_lines(strategy))
        lines.append("")
    return lines, has_errors


def wiring_texts(operation: Path, places: Places | None = None) -> Sequence[str]:
    """Return the wiring map of every strategy as YAML.

    Raises:
        ConfigError: a file cannot be used.
        PluginError: a plugin cannot be imported.
    """
    return [wiring_text(strategy.wiring, title=strategy.source) for strategy in _plan(load_all(operation), places)]


def _plan(bundle: OperationBundle, places: Places | None) -> Sequence[PlannedStrategy]:
    catalogue = full_catalogue(places or Places.of_user())
    return plan_strategies(bundle.strategies, catalogue)


def _coverage_lines(strategy: PlannedStrategy) -> Sequence[str]:
    """Say where no planner, or more than one, answers."""
    lines = []
    for slot, matcher in strategy.factory.matchers().items():
        cells = matcher.coverage()
        lines += [f"GAP      {slot}: nobody answers at {_box(cell)}" for cell in cells if cell.is_gap]
        lines += [
            f"OVERLAP  {slot}: {', '.join(cell.workers)} match at {_box(cell)}; the first one answers"
            for cell in cells
            if cell.is_overlap
        ]
    return lines


def _box(cell: Cell) -> str:
    return ", ".join(
        f"{name} {low}" if low == high else f"{name} {low} to {high}" for name, (low, high) in cell.box.items()
    )
