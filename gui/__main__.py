"""The program: without arguments it opens the window, with arguments it is the engine's command line."""

import os
import sys
from pathlib import Path
from typing import Final

import typer

from engine.__main__ import OperationArgument, app, find_operation, run_guarded
from engine.config.places import Places
from engine.ports.session import TradingSession
from engine.terminal import say_summary, telling_errors
from gui.system_libraries import explain_missing, missing_qt_libraries

EXIT_NO_QT: Final = 5
DEMO: Final = "demo-paper"
_SESSION: Final = ("engine.backtest.recordings", "engine.phase0_bootstrap.assembly")
_HEADLESS_BARS: Final = 720
"""Market minutes of the demo when there is no screen: half a day, some seconds of work."""


def has_screen() -> bool:
    """Tell whether a window can be shown: always on macOS and Windows, with a display server elsewhere."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _check_qt(platform: str) -> None:
    missing = missing_qt_libraries(platform)  # type: ignore[arg-type]  # a literal, checked there
    if missing:
        typer.echo(explain_missing(missing), err=True)
        raise typer.Exit(EXIT_NO_QT)


@app.command()
def window(operation: OperationArgument = DEMO) -> None:
    """Open the window on an operation; without a screen run it headless and draw the window into a picture."""
    with telling_errors():
        path = find_operation(operation)
        if has_screen():
            open_window(path)
        else:
            _run_headless(path)


def open_window(operation: Path) -> None:
    """Open the window on an operation, and end the program with its exit code."""
    _check_qt("xcb" if sys.platform == "linux" and not os.environ.get("WAYLAND_DISPLAY") else "offscreen")
    from gui.app import run_window  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    places = Places.of_user()

    def opened() -> TradingSession:
        from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # loaded behind the first paint
        from engine.phase0_bootstrap.assembly import open_session  # noqa: PLC0415  # loaded behind the first paint

        return open_session(operation, places=places, recordings=recordings_of)

    def try_plugins() -> None:
        from engine.phase0_bootstrap.shelves import full_catalogue  # noqa: PLC0415  # loaded behind the first paint

        full_catalogue(places)  # remembered: the session finds them tried

    raise typer.Exit(run_window(opened, places=places, loads=_SESSION, prepares=try_plugins))


def _run_headless(operation: Path) -> None:
    typer.echo("There is no screen here: the session runs without a window, and its picture is drawn at the end.")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _check_qt("offscreen")
    from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # loaded when it is needed: the program has to start fast
    from engine.phase0_bootstrap.assembly import open_session  # noqa: PLC0415  # loaded when it is needed: the program has to start fast
    from gui.app import run_offscreen  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    places = Places.of_user()
    session = open_session(operation, places=places, recordings=recordings_of, bars=_HEADLESS_BARS, speed=0)
    journal = session.status.journal_path
    # Named like the journal: every demo session has the same id, for the market begins at the same instant.
    name = journal.stem if journal is not None else session.status.session_id
    picture = places.data / "pictures" / f"{session.status.operation.replace('/', '-')} {name}.png"
    run_offscreen(session, picture)
    say_summary(session)
    typer.echo(f"Picture of the window: {picture}")


def main() -> None:
    """Run the program."""
    if len(sys.argv) == 1:
        sys.argv.append("window")
    run_guarded(app)


if __name__ == "__main__":
    main()
