"""An incident bundle has everything but secrets: one that slips through deletes it."""

import json
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.config.places import Places
from gui.incident.bundle import JOURNAL_MAX, Incident, SecretLeft, write_bundle
from gui.log.redaction import cleaner, secrets_in

pytestmark = pytest.mark.unit

HIDDEN = "k3y-0f-the-account"
ENVIRONMENT = {"KRAKEN_API_SECRET": HIDDEN, "PATH": "/usr/bin"}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The files of a careless person: the secret is everywhere."""
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    for path, text in {
        places.state / "logs" / "20260105-1.jsonl": json.dumps({"text": "refused", "facts": {"why": f"bad {HIDDEN}"}}),
        places.state / "logs" / "20260105-1.jsonl.1": f'{{"password": "{HIDDEN}-2"}}',
        places.state / "reports" / "fault-1.txt": f"ValueError: {HIDDEN}",
        places.state / "reports" / "told-crash-1.txt": "Fatal Python error",
        places.state / "alerts" / "demo paper.json": f'{{"detail": "{HIDDEN}"}}',
        places.config
        / "operations"
        / "mine"
        / "operation.yaml": f"name: mine\napi_key: not-in-the-environment\nx: {HIDDEN}",
        places.config / "notes.txt": f"never taken: {HIDDEN}",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return places


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.execute("INSERT INTO notes VALUES (?)", (f'{{"token": "{HIDDEN}", "order": "ORD_1"}}',))
    connection.commit()
    connection.close()
    return path


def bundle_of(places: Places, journal: Path | None, **facts: str) -> dict[str, bytes]:
    clean = cleaner(ENVIRONMENT, Path("/far/away/ada"))
    incident = Incident(journal, facts, b"a picture")
    path = write_bundle(
        places.data / "incidents" / "one.zip", incident, places, clean=clean, secrets=secrets_in(ENVIRONMENT)
    )
    with ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_no_secret_gets_into_any_part_of_it(places: Places, journal: Path) -> None:
    parts = bundle_of(places, journal, message=f"the venue said {HIDDEN}")

    assert len(parts) == 11
    for name, content in parts.items():
        assert HIDDEN.encode() not in content, name
        assert b"not-in-the-environment" not in content, name
    assert b"secret removed" in parts["logs/20260105-1.jsonl"]


def test_everything_that_helps_is_in_it(places: Places, journal: Path) -> None:
    parts = bundle_of(places, journal, mode="PAPER")

    assert sorted(parts) == [
        "README.txt",
        "about.json",
        "alerts/demo paper.json",
        "config/operations/mine/operation.yaml",
        "journal.sqlite",
        "left_out.txt",
        "logs/20260105-1.jsonl",
        "logs/20260105-1.jsonl.1",
        "reports/fault-1.txt",
        "reports/told-crash-1.txt",
        "window.png",
    ]
    about = json.loads(parts["about.json"])
    assert about["mode"] == "PAPER"
    assert about["PySide6-Essentials"][0].isdigit()
    assert parts["left_out.txt"] == b"Nothing."
    assert parts["journal.sqlite"].startswith(b"SQLite format 3")


def test_a_secret_that_slips_through_deletes_the_whole_bundle(places: Places, journal: Path) -> None:
    with pytest.raises(SecretLeft, match="was deleted"):
        write_bundle(
            places.data / "incidents" / "one.zip",
            Incident(journal, {}, b"a picture"),
            places,
            clean=lambda text: text,
            secrets=[HIDDEN],
        )

    assert list((places.data / "incidents").iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "none", "broken", "huge"])
def test_a_journal_that_cannot_be_put_in_is_named_and_the_rest_is_there(
    places: Places, journal: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match kind:
        case "missing":
            journal.unlink()
        case "broken":
            journal.write_bytes(b"no database at all" * 100)
        case "huge":
            assert JOURNAL_MAX > 100_000_000
            monkeypatch.setattr("gui.incident.bundle.JOURNAL_MAX", 10)

    parts = bundle_of(places, None if kind == "none" else journal)

    assert "journal.sqlite" not in parts
    assert parts["left_out.txt"].startswith(b"journal.sqlite: ")
    assert "window.png" in parts


def test_a_person_without_any_files_gets_a_bundle_too(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")

    assert sorted(bundle_of(places, None)) == ["README.txt", "about.json", "left_out.txt", "window.png"]
