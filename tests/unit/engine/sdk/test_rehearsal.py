"""A rehearsal lets a worker hear all that it lists, and finds what would end its flows."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.primitives.errors import OutputContractBroken
from engine.sdk.made_up_market import BARS, rough_market
from engine.sdk.testing import rehearse
from tests.support.strangers import SIGNALS, WRITES, a_scout, a_writer
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit
SHIPPED = sorted(path.parent for path in ROOT.glob("plugins/*/*/manifest.yaml"))


def test_the_made_up_market_is_the_same_each_time_and_its_bars_can_be() -> None:
    bars = list(rough_market(0))

    assert bars == list(rough_market(0))
    assert len(bars) == BARS
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in bars)
    assert all(after.opened_ns == before.closed_ns for before, after in pairwise(bars))


def test_a_context_worker_hears_every_bar_and_its_columns_are_kept(tmp_path: Path) -> None:
    seen = rehearse(a_writer(tmp_path, "last_close"))

    assert seen.calls == {"on_tick": BARS}
    assert [row[0] for row in seen.columns] == [bar.close for bar in rough_market(0)]


def test_more_values_than_columns_are_found(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "too_wide", source=WRITES.replace("[context.close]", "[1.0, 2.0]"))

    with pytest.raises(OutputContractBroken, match="one value for each of its columns"):
        rehearse(folder)


@pytest.mark.parametrize(("said", "got"), [("'up'", "str"), ("None", "NoneType")])
def test_a_value_that_is_no_number_is_found_by_its_column(tmp_path: Path, said: str, got: str) -> None:
    folder = a_writer(tmp_path, "talker", source=WRITES.replace("context.close", said))

    with pytest.raises(OutputContractBroken, match="A column holds numbers") as refusal:
        rehearse(folder)
    assert (refusal.value.facts["column"], refusal.value.facts["got"]) == ("talker", got)


def test_a_flag_that_is_neither_up_nor_down_is_found(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "half_flag", source=WRITES.replace("context.close", "0.5"))
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("OSCILLATOR", "FLAG"), encoding="utf-8")

    with pytest.raises(OutputContractBroken, match="A FLAG column cannot hold this value"):
        rehearse(folder)


def test_an_answer_that_is_none_is_found(tmp_path: Path) -> None:
    folder = a_scout(tmp_path, "silent", source=SIGNALS.replace("return self.signal", "self.signal"))

    with pytest.raises(OutputContractBroken, match="return NOTHING when there is nothing to say"):
        rehearse(folder)


def test_a_column_of_a_shipped_worker_is_written_by_it_and_any_other_is_made_up(tmp_path: Path) -> None:
    reading = SIGNALS.replace(
        "        return",
        "        assert assessed.context.value('ema_20') != assessed.context.value('mystery')\n        return",
    )
    folder = a_scout(tmp_path, "reader", source=reading)
    with (folder / "manifest.yaml").open("a", encoding="utf-8") as file:
        file.write("dependencies:\n  requires_columns: [ema_20, mystery]\n")

    assert rehearse(folder).made_up == ["mystery"]


def test_a_column_of_a_neighbour_is_written_by_it(tmp_path: Path) -> None:
    a_writer(tmp_path, "twice", source=WRITES.replace("context.close", "context.close * 2"))
    (a_writer(tmp_path, "broken_one") / "manifest.yaml").write_text("{", encoding="utf-8")
    reading = WRITES.replace("[context.close]", "[context.value('twice')]")
    folder = a_writer(tmp_path, "reader", source=reading)
    with (folder / "manifest.yaml").open("a", encoding="utf-8") as file:
        file.write("dependencies:\n  requires_columns: [twice]\n")

    seen = rehearse(folder)
    assert seen.made_up == []
    assert [row[0] for row in seen.columns] == [bar.close * 2 for bar in rough_market(0)]


def test_higher_timeframes_and_another_market_are_there_to_be_looked_at(tmp_path: Path) -> None:
    looking = WRITES.replace(
        "return [context.close]",
        "hour, ether = context.higher('1h'), context.companion('ETH/USDT')\n        return [ether.close if hour else hour or float('nan')]",
    )
    values = [row[0] for row in rehearse(a_writer(tmp_path, "looker", source=looking)).columns]

    assert np.isnan(values[:20]).all()
    assert values[-1] == pytest.approx(list(rough_market(0))[-1].close * 0.05)


def test_a_column_that_is_never_written_is_named(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "empty", source=WRITES.replace("context.close", "float('nan')"))

    assert rehearse(folder).empty == ["empty"]


def test_a_planner_that_has_no_plan_is_no_fault() -> None:
    seen = rehearse(ROOT / "plugins" / "phase4_entry" / "patient_limit", {"offset_pct": "0.9"})

    assert [text for text in seen.said if "no plan" in text]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_plugin_rehearses_and_repeats_itself(folder: Path) -> None:
    seen = rehearse(folder)

    assert seen.unheard == []
    assert seen.made_up == []
    assert rehearse(folder).same_as(seen)
