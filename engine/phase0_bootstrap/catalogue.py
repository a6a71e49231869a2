"""All plugins and connectors that there are, by name: the sound ones, and those in quarantine with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from engine.config.loading import load
from engine.config.manifest import ConnectorManifest, PluginManifest, host_fits
from engine.phase0_bootstrap.discovery import HOST_VERSION, shipped_plugins
from engine.phase0_bootstrap.plugin_check import Examination, Origin
from engine.phase0_bootstrap.plugin_findings import fault
from engine.primitives.errors import ConfigError

__all__ = ["HOST_VERSION", "Catalogue", "FoundPlugin", "find_all", "found_in", "without_clashes"]


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin on a shelf: its manifest, and the dotted name of its package."""

    manifest: PluginManifest
    package: str
    folder: Path
    origin: Origin = Origin.SHIPPED


class Catalogue:
    """All plugins by name (the one that blueprints use), and all connectors by id.

    Args:
        examined: Every plugin that was found, sound or not.
        connectors: Manifests of connectors.
        remarks: What a person should know about how they were looked for.
    """

    def __init__(
        self, examined: Sequence[Examination], connectors: Sequence[ConnectorManifest], *, remarks: Sequence[str] = ()
    ) -> None:
        self.remarks = tuple(remarks)
        self.examined = tuple(examined)
        self.connectors = tuple(connectors)
        found = [found_in(each) for each in examined]
        self._plugins = {plugin.manifest.identification.name: plugin for plugin in found if plugin is not None}
        self._connectors = {manifest.id: manifest for manifest in connectors}

    @property
    def manifests(self) -> Mapping[str, PluginManifest]:
        """Manifests of the sound plugins, by name."""
        return {name: found.manifest for name, found in self._plugins.items()}

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Why a plugin must not be used, by the name that blueprints use; sound plugins are not in it."""
        return {each.name: each.reason for each in self.examined if each.faults and each.name not in self._plugins}

    def plugin(self, name: str) -> FoundPlugin:
        """Return a plugin by name.

        Raises:
            ConfigError: there is none, or it is quarantined; says the reason or the near names.
        """
        if name in self._plugins:
            return self._plugins[name]
        if name in self.quarantined:
            raise ConfigError(f"The plugin {name} is quarantined: {self.quarantined[name]}")
        raise ConfigError(
            f"There is no plugin named {name}.{_near(name, self._plugins)} Known: {', '.join(sorted(self._plugins))}."
        )

    def connector(self, connector_id: str) -> ConnectorManifest:
        """Return a connector's manifest.

        Raises:
            ConfigError: there is none; says the near names.
        """
        if connector_id not in self._connectors:
            raise ConfigError(
                f"There is no connector named {connector_id}.{_near(connector_id, self._connectors)} "
                f"Known: {', '.join(sorted(self._connectors))}."
            )
        return self._connectors[connector_id]


def found_in(examined: Examination) -> FoundPlugin | None:
    """Return what an examination found, or None if it is quarantined."""
    if examined.manifest is None or examined.faults:
        return None
    return FoundPlugin(examined.manifest, examined.package, examined.folder, examined.origin)


def without_clashes(examined: Iterable[Examination]) -> Sequence[Examination]:
    """Quarantine plugins that claim a name which others claim too; a shipped one keeps its name."""
    everyone = list(examined)
    checked = []
    for each in everyone:
        rivals = [other for other in everyone if other.name == each.name and other is not each]
        if rivals and each.origin is not Origin.SHIPPED:
            others = ", ".join(str(other.folder) for other in rivals)
            text = f"Several plugins are called {each.name}: {each.folder} and {others}."
            checked.append(each.with_findings(fault(text, "Give yours another name in its manifest.")))
        else:
            checked.append(each)
    return checked


def _near(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def find_all(*, plugins: Path, connectors: Path) -> Catalogue:
    """Read every manifest under the two shelves; a broken plugin is quarantined.

    Args:
        plugins: Folder of the package ``plugins``: ``phase/plugin/manifest.yaml``.
        connectors: Folder of the package ``connectors``: ``connector/manifest.yaml``.

    Raises:
        ConfigError: the manifest of a connector is broken or does not fit this version.
    """
    shelves = [load(path, ConnectorManifest) for path in sorted(connectors.glob("*/manifest.yaml"))]
    for connector in shelves:
        if not host_fits(connector.host, HOST_VERSION):
            raise ConfigError(f"{connector.id} runs on S1mpleTrader {connector.host}, and this is {HOST_VERSION}.")
    return Catalogue(without_clashes(shipped_plugins(plugins)), shelves)
