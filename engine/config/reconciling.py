"""How a session finds out what the venue did not tell."""

from typing import Annotated

from pydantic import Field

from engine.config.base import ConfigModel


class ReconciliationSettings(ConfigModel):
    """How often the venue's books are read, and when what they do not show is believed. In engine time."""

    interval_s: Annotated[int, Field(ge=1, le=3600)] = 30
    """Seconds from one reading of orders, executions and account to the next, while nothing is amiss. A message that
    the venue never sent is found after so long at most; each reading costs three requests."""
    overlap_s: Annotated[int, Field(ge=0, le=86_400)] = 120
    """Seconds by which each reading of executions reaches back behind the last complete one: venues list them late."""
    lag_ms: Annotated[int, Field(ge=0, le=600_000)] = 1000
    """Milliseconds that a venue's books may be behind its gate: after the end of an order's window and this, an answer
    without the order counts as evidence that it never arrived."""
    ask_again_ms: Annotated[int, Field(gt=0, le=600_000)] = 1000
    """Milliseconds from one answer, or failure, to the same question again, while something is in doubt."""
    unattended_s: Annotated[int, Field(ge=5, le=86_400)] = 120
    """Seconds without a look at the market (a machine that slept) after which a session goes on as after a restart: the
    venue's books first, nothing new until then. Never less than two bars of the feed."""
