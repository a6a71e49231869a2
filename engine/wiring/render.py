"""Findings as text for people."""

from collections import Counter
from collections.abc import Sequence

from engine.wiring.findings import Severity, WiringFinding


def describe(findings: Sequence[WiringFinding], *, source: str = "") -> str:
    """Return the findings as text, one paragraph each, with a count at the end.

    Args:
        findings: In the order in which they are to be read.
        source: The file of the map as people know it; stands before each line number.
    """
    if not findings:
        return "The wiring is sound: no findings."
    return "\n".join([*(_paragraph(finding, source) for finding in findings), "", _count(findings)])


def _paragraph(finding: WiringFinding, source: str) -> str:
    line = "" if finding.line is None else (f"{source}:{finding.line}: " if source else f"line {finding.line}: ")
    text = f"{finding.severity:<7}  {line}{finding.text}  [{finding.code}]"
    return f"{text}\n         {finding.fix}" if finding.fix else text


def _count(findings: Sequence[WiringFinding]) -> str:
    found = Counter(finding.severity for finding in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    return ", ".join(
        f"{found[severity]} {word}{'' if found[severity] == 1 else 's'}"
        for severity, word in words.items()
        if found[severity]
    )
