"""finplot 1.9.7, as its own examples use it: ``python finplot_child.py candles|whole BARS``, in an environment of its own."""

import sys
from typing import Any

import finplot as fplt  # type: ignore[import-not-found]  # lives in another environment, with another Qt
import numpy as np
import pandas as pd
from chart_walk import HEIGHT, OSCILLATORS, OVERLAYS, WIDTH, candles, noisy, resident_mb, spans, tell, timed
from pyqtgraph.Qt import QtWidgets  # type: ignore[import-untyped]  # pyqtgraph brings no types


def main() -> None:
    """Build the scene, move it, append a bar, and print what it took."""
    scene, bars = sys.argv[1], int(sys.argv[2])
    whole = scene == "whole"
    columns = candles(bars + 1)
    index = pd.to_datetime(1_704_067_200 + 60 * np.arange(bars + 1), unit="s")
    frame = pd.DataFrame(columns, index=index)
    others = pd.DataFrame(dict(enumerate(noisy(bars + 1, OVERLAYS + OSCILLATORS))), index=index)
    memory = resident_mb()
    plots: list[tuple[Any, Any]] = []
    axes: list[Any] = []

    def first() -> None:
        made = fplt.create_plot("", rows=3 if whole else 1, init_zoom_periods=300, maximize=False)
        axes.extend(made if whole else [made])
        axes[0].vb.win.resize(WIDTH, HEIGHT)
        plot(frame[["open", "close", "high", "low"]], fplt.candlestick_ochl, axes[0])
        if whole:
            for number in range(OVERLAYS):
                plot(others[number], fplt.plot, axes[0])
            plot(frame[["open", "close", "volume"]], fplt.volume_ocv, axes[1])
            for number in range(OSCILLATORS):
                plot(others[OVERLAYS + number], fplt.plot, axes[2])
            for offset in (0, 500):
                marks = frame["low"].where(np.arange(bars + 1) % 1_000 == offset)
                plot(marks, lambda values, ax: fplt.plot(values, ax=ax, style="o"), axes[0])
            low, high = float(frame["low"].iloc[-300]), float(frame["high"].iloc[-300])
            fplt.add_rect((index[-300], high), (index[-2], low), ax=axes[0])
        fplt.show(qt_exec=False)
        axes[0].vb.win.show()
        paint()

    def plot(values: Any, how: Any, ax: Any) -> None:
        plots.append((values, how(values.iloc[:-1], ax=ax)))

    def paint() -> None:
        QtWidgets.QApplication.processEvents()

    def move(left: float, right: float) -> None:
        axes[0].vb.update_y_zoom(left, right)
        paint()

    def append() -> None:
        for values, item in plots:
            item.update_data(values)
        paint()

    began = timed(first)
    frames = [timed(lambda left=left, right=right: move(left, right)) for left, right in spans(bars)]
    move(bars - 300, bars)
    appended = timed(append)
    tell(first=began, frames=frames, append=appended, memory_mb=resident_mb() - memory)


if __name__ == "__main__":
    main()
