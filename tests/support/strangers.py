"""Plugins that somebody else wrote, in folders of their own: good ones, and ten kinds of bad ones."""

from pathlib import Path
from typing import Final

MANIFEST = """\
schema_version: 1
identification:
  name: {name}
  worker_id: {folder}
  type: {kind}
  version: 0.1.0
  host: "{host}"
  entry_point: "worker:{name}"
  description: Written for a test.
handlers:
  - method: {method}
    input: {input}
{publishes}{columns}"""

SAYS_OPPORTUNITY = """\
    publishes:
      - {event: OPPORTUNITY_DETECTED, payload: OpportunitySignal}
"""
ONE_COLUMN = """\
columns:
  - name: {column}
    kind: OSCILLATOR
"""
WRITES = """\
from engine.sdk.plugin import ContextWorker


class {name}(ContextWorker):
    def enrich(self, context):
        return [context.close]
"""
SIGNALS = """\
from engine.sdk.plugin import NOTHING, Direction, OpportunityWorker


class {name}(OpportunityWorker):
    def on_context_assessment(self, assessed):
        return self.signal(assessed, direction=Direction.BUY, signal_type="test", confidence=0.9)
"""

WHY_BAD: Final = {
    "syntax_error": "Python cannot read this: invalid syntax.",
    "missing_class": "There is no class MissingClass, which the manifest names. Did you mean MisingClass?",
    "wrong_payload": "expected=OpportunitySignal, got=dict",
    "infinite_loop": "seconds of the processor (worker.py:6, in on_context_assessment)",
    "huge_memory": "MemoryError: it asked for more memory than there is (worker.py:7, in __init__)",
    "init_fails": "ZeroDivisionError: division by zero (worker.py:7, in __init__)",
    "undeclared_column": "a context worker must return one value for each of its columns",
    "other_host": "runs on S1mpleTrader >=7,<8, and this is 0.1.0",
    "manifest_typo": "'versoin' is not a key that belongs here",
}
"""What is said of each of the ten bad ones, by folder; of the two that claim one column each is sound by itself."""


def a_writer(shelf: Path, folder: str, *, column: str = "", host: str = ">=0.1,<0.2", source: str = WRITES) -> Path:
    """Write a context worker's folder; its class is the folder's name in CamelCase, its column the folder's name."""
    return _written(
        shelf,
        folder,
        source,
        MANIFEST.format(
            name=name_of(folder),
            folder=folder,
            kind="ContextWorker",
            host=host,
            method="on_tick",
            input="TradingContext",
            publishes="",
            columns=ONE_COLUMN.format(column=column or folder),
        ),
    )


def a_scout(shelf: Path, folder: str, *, source: str = SIGNALS, more: str = "") -> Path:
    """Write an opportunity worker's folder; `more` ends its manifest."""
    return _written(
        shelf,
        folder,
        source,
        MANIFEST.format(
            name=name_of(folder),
            folder=folder,
            kind="OpportunityWorker",
            host=">=0.1,<0.2",
            method="on_context_assessment",
            input="AssessedContext",
            publishes=SAYS_OPPORTUNITY,
            columns=more,
        ),
    )


def name_of(folder: str) -> str:
    """Return the name in CamelCase."""
    return "".join(word.capitalize() for word in folder.split("_"))


def _written(shelf: Path, folder: str, source: str, manifest: str) -> Path:
    place = shelf / folder
    place.mkdir(parents=True)
    (place / "__init__.py").touch()
    (place / "worker.py").write_text(source.replace("{name}", name_of(folder)), encoding="utf-8")
    (place / "manifest.yaml").write_text(manifest, encoding="utf-8")
    return place


def ten_bad_plugins(shelf: Path) -> None:
    """Write one plugin (for the clash of columns: two) of each kind of bad ones that issue 3 names."""
    init = "class {name}(ContextWorker):\n    def __init__(self, config, tools):\n        super().__init__(config, tools)\n"
    door = "from engine.sdk.plugin import ContextWorker\n\n\n"
    body = "\n    def enrich(self, context):\n        return [context.close]\n"
    a_writer(shelf, "syntax_error", source="class {name}(:\n")
    a_writer(shelf, "missing_class", source=WRITES.replace("{name}", "MisingClass"))
    a_scout(
        shelf,
        "wrong_payload",
        source=SIGNALS.replace("NOTHING, ", "DispositionEnvelope, ").replace(
            'return self.signal(assessed, direction=Direction.BUY, signal_type="test", confidence=0.9)',
            "from engine.sdk.plugin import Decimal\n"
            '        made = self.signal(assessed, direction=Direction.BUY, signal_type="test", confidence=Decimal(1))\n'
            '        return DispositionEnvelope(made.disposition, made.event_name, {"confidence": 1})',
        ),
    )
    a_scout(
        shelf,
        "infinite_loop",
        source=SIGNALS.replace(
            "        return self.signal",
            "        while assessed.context.close:\n            pass\n        return self.signal",
        ),
    )
    a_writer(shelf, "huge_memory", source=door + init + "        self.all = bytearray(3 << 30)\n" + body)
    a_writer(shelf, "init_fails", source=door + init + "        self.share = 1 / 0\n" + body)
    a_writer(shelf, "undeclared_column", source=WRITES.replace("[context.close]", "[context.close, 1.0]"))
    a_writer(shelf, "first_claim", column="claimed")
    a_writer(shelf, "second_claim", column="claimed")
    a_writer(shelf, "other_host", host=">=7,<8")
    typo = a_writer(shelf, "manifest_typo") / "manifest.yaml"
    typo.write_text(typo.read_text(encoding="utf-8").replace("  version:", "  versoin:"), encoding="utf-8")
