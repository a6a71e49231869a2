"""What a worker keeps over a restart, as it goes into the journal and comes out of it."""

from engine.contracts.base import Contract


class SavedState(Contract):
    """The latest state of one worker of one strategy.

    `plugin` and `version` say who can read it: the plugin's name, and the version of its state's format (from its
    manifest). `at_ns` is when it was saved: engine time, UTC nanoseconds. `body` is text as `engine.primitives.kept` writes it.
    """

    strategy_id: str
    worker_id: str
    plugin: str
    version: int
    at_ns: int
    body: str
