"""Whether the methods of the workers at hand take what their contracts say."""

import inspect
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from engine.wiring.findings import Rule, Severity, WiringFinding, hint
from engine.wiring.flow import HandlerContract, Roster


def check_annotations(instances: Mapping[str, object], roster: Roster) -> tuple[WiringFinding, ...]:
    """Return methods that are not there, or whose parameter cannot take the note that the contract names.

    Args:
        instances: The workers by their name in the wiring; one that the roster does not know is not looked at.
        roster: Their contracts.
    """
    return tuple(
        finding
        for worker, instance in instances.items()
        for contract in roster.get(worker, {}).values()
        for finding in _of_method(instance, contract)
    )


def _of_method(instance: object, contract: HandlerContract) -> Iterator[WiringFinding]:
    worker, method = contract.worker, contract.method

    def finding(rule: Rule, severity: Severity, text: str, fix: str) -> WiringFinding:
        return WiringFinding(rule, severity, text, fix, worker=worker, method=method)

    call = getattr(instance, method, None)
    if not callable(call):
        public = [name for name, _ in inspect.getmembers(instance, callable) if not name.startswith("_")]
        yield finding(
            Rule.UNKNOWN_METHOD,
            Severity.ERROR,
            f"{type(instance).__name__}, which is {worker}, has no method {method}.",
            hint(method, public),
        )
        return
    expected = contract.input_type.__name__
    parameters = list(inspect.signature(call).parameters.values())
    required = [one for one in parameters if one.default is one.empty and one.kind is not one.VAR_POSITIONAL]
    if not parameters or len(required) > 1:
        yield finding(
            Rule.ANNOTATION_MISMATCH,
            Severity.ERROR,
            f"{worker}.{method} takes {len(required)} parameters; a handler takes exactly one note.",
            f"Write def {method}(self, note: {expected}).",
        )
        return
    annotated = _annotation_of(call, parameters[0].name)
    if annotated is None or annotated is Any:
        yield finding(
            Rule.ANNOTATION_MISMATCH,
            Severity.WARNING,
            f"The parameter of {worker}.{method} has no type that can be read.",
            f"Annotate it with {expected}.",
        )
    elif not _takes(annotated, contract.input_type):
        yield finding(
            Rule.ANNOTATION_MISMATCH,
            Severity.ERROR,
            f"{worker}.{method} is written for {_name(annotated)}, but is given {expected}.",
            f"Annotate the parameter with {expected}, or name another input in the manifest.",
        )


def _annotation_of(call: object, parameter: str) -> object:
    try:
        return get_type_hints(call).get(parameter)
    except NameError:
        return None  # the name is imported for the type checker alone


def _takes(annotated: object, given: type) -> bool:
    if get_origin(annotated) in {Union, UnionType}:
        return any(_takes(one, given) for one in get_args(annotated))
    return isinstance(annotated, type) and issubclass(given, annotated)


def _name(annotated: object) -> str:
    return annotated.__name__ if isinstance(annotated, type) else str(annotated)
