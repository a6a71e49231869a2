"""Everything that can be said about a plugin before its code runs, and what its rehearsal adds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from engine.config.base import at_key
from engine.config.manifest import (
    PluginManifest,
    columns_of,
    host_fits,
    required_columns_of,
    required_companions_of,
    required_timeframes_of,
)
from engine.config.reading import read
from engine.phase0_bootstrap.plugin_findings import PluginFinding, advice, fault, faults_of, of_config, of_wiring
from engine.phase0_bootstrap.source_check import source_findings
from engine.sdk.plugin_folder import MANIFEST
from engine.wiring.flow import ALIASES, PLATFORM_WORKERS
from engine.wiring.roster import manifest_findings


class Origin(StrEnum):
    """Where a plugin comes from; it decides how far its code is trusted before it is imported."""

    SHIPPED = "shipped"
    USER = "user"
    INSTALLED = "installed"


@dataclass(frozen=True, slots=True)
class Examination:
    """A plugin's folder and all that was found in it. Nothing of it has been imported.

    `name` is what blueprints call it, or the folder's name when the manifest does not tell; `package` is the dotted name
    under which it is imported.
    """

    name: str
    folder: Path
    package: str
    origin: Origin
    manifest: PluginManifest | None
    findings: tuple[PluginFinding, ...]

    @property
    def faults(self) -> tuple[PluginFinding, ...]:
        """The findings that quarantine it."""
        return faults_of(self.findings)

    @property
    def reason(self) -> str:
        """Why it is quarantined, in one line for each fault; empty when it is not."""
        return "\n".join(str(finding) for finding in self.faults)

    def with_findings(self, *more: PluginFinding) -> "Examination":
        """Return the same examination with more findings."""
        return replace(self, findings=(*self.findings, *more))


def examine(folder: Path, *, package: str, origin: Origin, host_version: str) -> Examination:
    """Look at a plugin without importing it: its manifest, its host range, its handlers, columns and source.

    Blocks on the disk. Shipped plugins are looked at by their manifests alone: the project's own checks read the rest.

    Args:
        folder: Of the plugin, with its manifest.yaml.
        package: Under which it would be imported.
        origin: Where it comes from.
        host_version: Of this program.
    """
    reading = read(folder / MANIFEST, PluginManifest)
    manifest = reading.model
    written = at_key(reading.source.content, "identification", "name") if reading.source else None
    name = written if isinstance(written, str) else folder.name
    findings = [of_config(finding) for finding in reading.findings]
    if manifest is not None:
        findings += _manifest_findings(folder, manifest, host_version)
    if origin is not Origin.SHIPPED:
        findings += _folder_findings(folder, origin)
        findings += source_findings(folder, manifest)
    return Examination(name, folder, package, origin, manifest, tuple(findings))


def _manifest_findings(folder: Path, manifest: PluginManifest, host_version: str) -> Iterator[PluginFinding]:
    file, who = folder / MANIFEST, manifest.identification
    if not host_fits(who.host, host_version):
        yield fault(
            f"{who.name} {who.version} runs on S1mpleTrader {who.host}, and this is {host_version}.",
            "Get a version of the plugin for this program, or widen `host` after testing it.",
            file=file,
        )
    if who.worker_id in PLATFORM_WORKERS or who.worker_id in ALIASES:
        yield fault(
            f"{who.worker_id} is the name of a worker of the platform.", "Choose another `worker_id`.", file=file
        )
    yield from (of_wiring(finding, file) for finding in manifest_findings(manifest))
    yield from _column_findings(file, manifest)


def _column_findings(file: Path, manifest: PluginManifest) -> Iterator[PluginFinding]:
    """Hold columns without placeholders against the rules; those with one are known only with their configuration."""
    plain = [column for column in manifest.columns if "{" not in column.name]
    names = [column.name for column in plain]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield fault(f"The column {name} is listed twice.", "Keep one entry for each column.", file=file)
    for column in plain:
        try:
            columns_of(manifest.model_copy(update={"columns": (column,)}), {})
        except ValueError as error:
            yield fault(f"The column {column.name} cannot be: {_said(error)}.", file=file)
    needed = [name for name in manifest.dependencies.requires_columns if "{" not in name]
    for name in sorted(set(needed) & set(names)):
        yield fault(f"{name} is a column of its own and cannot be required of others.", file=file)


def _said(error: ValueError) -> str:
    """Return pydantic's own sentence, or that of any other error, in one line."""
    return " ".join(str(error).split())


def _folder_findings(folder: Path, origin: Origin) -> Iterator[PluginFinding]:
    if not folder.name.isidentifier():
        near = "".join(letter if letter.isalnum() else "_" for letter in folder.name).lower()
        yield fault(
            f"The folder's name {folder.name} is no name for a Python package.", f"Call it {near}.", file=folder
        )
    if not (folder / "__init__.py").is_file():
        yield fault("There is no __init__.py in the folder.", "Add an empty one.", file=folder)
    if origin is Origin.USER and not any(folder.glob("test_*.py")):
        yield advice("It has no test.", "`s1mpletrader plugin new` writes one to start from.", file=folder)
    if not (folder / "README.md").is_file():
        yield advice("It has no README.md.", "Say in a few lines what it does and what its settings mean.", file=folder)


def setting_findings(manifest: PluginManifest, values: dict[str, object], file: Path) -> Iterator[PluginFinding]:
    """Hold placeholders in columns' names against the configuration's defaults."""
    for what in (columns_of, required_columns_of, required_companions_of, required_timeframes_of):
        try:
            what(manifest, values)
        except KeyError as error:
            known = ", ".join(values) or "none"
            yield fault(
                f"A name in `columns` or `dependencies` refers to the setting {error.args[0]}, which the configuration does not have.",
                f"Its settings are: {known}.",
                file=file,
            )
        except ValueError as error:
            yield fault(f"A column cannot be: {_said(error)}.", file=file)
