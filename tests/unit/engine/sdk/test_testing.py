"""The builders for plugins' tests make notes that are lawful and worlds that agree with themselves."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.directives import DirectiveScope
from engine.primitives.errors import ConfigError, PluginError
from engine.sdk import testing
from engine.sdk.testing import Direction, contexts, directive, employ, enriched, request, swot, worker_class_of
from tests.support.strangers import WRITES, a_writer
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit

SIZER = ROOT / "plugins" / "phase4_size" / "fixed_risk"
RATIO = "context.close / context.companion('ETH/USDT').close"


def test_a_worker_is_employed_from_its_folder_with_its_settings_and_columns(tmp_path: Path) -> None:
    rows = enriched(employ(a_writer(tmp_path, "last_close")), [1.0, 2.0])

    assert rows == [{"last_close": 1.0}, {"last_close": 2.0}]


def test_one_that_reads_the_ledger_is_given_an_account() -> None:
    plan = employ(SIZER, {"risk_pct": "0.01"}).plan(directive())

    assert Decimal(990) < plan.risk_amount <= Decimal(1000)  # 1 % of 100,000, less a lot at most


def test_settings_are_checked_as_in_a_blueprint() -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        employ(SIZER, {"risc_pct": 1})


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"manifest\.yaml"):
        employ(tmp_path)


def test_an_entry_point_that_is_no_worker_says_so(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "wrong", source="class {name}:\n    pass\n" + WRITES.replace("{name}", "Other"))

    with pytest.raises(PluginError, match="The entry point is no worker class"):
        worker_class_of(folder)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("scope", DirectiveScope)
def test_directives_and_requests_of_every_scope_and_direction_are_lawful(
    direction: Direction, scope: DirectiveScope
) -> None:
    asked = request(direction, scope=scope)

    assert asked.strategy_directive.scope is scope
    assert (asked.exit_plan is None) == (scope is not DirectiveScope.NEW_TRADE)


def test_a_tick_may_bring_an_opportunity_a_threat_both_or_none() -> None:
    assert swot(severity="0.4").threat is not None
    assert swot().threat is None
    assert swot(direction=None, severity="1").opportunity is None


def test_contexts_show_the_columns_that_were_written_by_hand() -> None:
    made = contexts([1.0, 2.0], {"mean": [5.0, 6.0], "mood": [0.0, 1.0]}, categories={"mood": ("calm", "wild")})

    assert [seen.value("mean") for seen in made] == [5.0, 6.0]
    assert made[1].category("mood") == "wild"


def test_a_context_worker_is_shown_another_market(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "ratio", source=WRITES.replace("context.close", RATIO))
    rows = enriched(employ(folder), [6.0, 8.0], companions={"ETH/USDT": [2.0, 4.0]})

    assert [row["ratio"] for row in rows] == [3.0, 2.0]


def test_what_is_promised_is_there() -> None:
    assert [name for name in testing.__all__ if not hasattr(testing, name)] == []
