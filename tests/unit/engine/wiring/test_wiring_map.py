"""The map is read with its lines, written in the document's style, and known by its content."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from engine.config.findings import ConfigRefused
from engine.wiring.wiring_map import WHOLE_EVENT, WiringMap, lines_of, load_wiring_map, wiring_hash, wiring_text
from tests.support.wiring import a_map

pytestmark = pytest.mark.unit

TEXT = """\
# by hand
event_wirings:
  - event: "TICK_RECEIVED"
    subscribers:
      - worker: "ema"
        method: "on_tick"
      - {worker: context_chain, method: on_tick}

  - event: "CONTEXT_READY"
    subscribers:
      - worker: "context_aggregator"
        method: "on_context_ready"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "wiring_map.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_map_is_read_with_the_line_of_every_entry(tmp_path: Path) -> None:
    loaded = load_wiring_map(written(tmp_path, TEXT))

    assert loaded.wiring == a_map(
        {
            "TICK_RECEIVED": ["ema.on_tick", "context_chain.on_tick"],
            "CONTEXT_READY": ["context_aggregator.on_context_ready"],
        }
    )
    assert loaded.lines == {(0, WHOLE_EVENT): 3, (0, 0): 5, (0, 1): 7, (1, WHOLE_EVENT): 9, (1, 0): 11}


@pytest.mark.parametrize("text", ["event_wirings: 3\n", "event_wirings: [{event: A, subscribers: 1}]\n", "a: b\n"])
def test_lines_are_found_in_a_map_that_is_no_map(text: str, tmp_path: Path) -> None:
    assert (0, 0) not in lines_of(text, tmp_path / "wiring_map.yaml")


def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.replace('method: "on_tick"', 'methd: "on_tick"', 1))

    with pytest.raises(ConfigRefused, match=r"wiring_map.yaml:6: .*methd") as refused:
        load_wiring_map(path)
    assert "method" in str(refused.value)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.on_tick"], "CONTEXT_READY": [], "_flow_stop": ["x.y", "z.y"]})

    assert load_wiring_map(written(tmp_path, wiring_text(wiring))).wiring == wiring


def test_an_empty_map_is_written_and_read_back(tmp_path: Path) -> None:
    empty = WiringMap(event_wirings=())

    assert load_wiring_map(written(tmp_path, wiring_text(empty))).wiring == empty


def test_a_map_is_written_in_the_documents_style() -> None:
    text = wiring_text(
        a_map(
            {"CONTEXT_READY": ["fvg.on_context_ready"], "CONTEXT_ASSESSMENT_READY": ["a.b"], "THREAT_DETECTED": ["c.d"]}
        )
    )

    assert text == (
        "# wiring_map.yaml\n"
        "event_wirings:\n"
        "  # Phase 1: context\n"
        '  - event: "CONTEXT_READY"\n'
        "    subscribers:\n"
        '      - worker: "fvg"\n'
        '        method: "on_context_ready"\n'
        "\n"
        '  - event: "CONTEXT_ASSESSMENT_READY"\n'
        "    subscribers:\n"
        '      - worker: "a"\n'
        '        method: "b"\n'
        "\n"
        "  # Phase 2: opportunities and threats\n"
        '  - event: "THREAT_DETECTED"\n'
        "    subscribers:\n"
        '      - worker: "c"\n'
        '        method: "d"\n'
    )


def test_a_name_that_yaml_would_take_for_something_else_is_quoted() -> None:
    wiring = a_map({'ODD "EVENT": #1': ["no.on"]})

    assert WiringMap.model_validate(YAML(typ="safe").load(wiring_text(wiring))) == wiring


def test_the_hash_is_sixteen_hex_digits_of_the_content() -> None:
    one = a_map({"A": ["x.m", "y.m"], "B": ["z.m"]})

    assert wiring_hash(one) == wiring_hash(a_map({"B": ["z.m"], "A": ["x.m", "y.m"]}))
    assert len(wiring_hash(one)) == 16
    assert int(wiring_hash(one), 16) >= 0


@pytest.mark.parametrize(
    "other",
    [{"A": ["y.m", "x.m"], "B": ["z.m"]}, {"A": ["x.m", "y.m"]}, {"A": ["x.m", "y.n"], "B": ["z.m"]}],
)
def test_another_wiring_has_another_hash(other: dict[str, list[str]]) -> None:
    assert wiring_hash(a_map({"A": ["x.m", "y.m"], "B": ["z.m"]})) != wiring_hash(a_map(other))
