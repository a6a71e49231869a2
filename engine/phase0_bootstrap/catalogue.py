"""Finds plugins and connectors by their manifests, without importing any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from engine.config.loading import load
from engine.config.manifest import ConnectorManifest, PluginManifest, host_fits, load_manifest
from engine.primitives.errors import ConfigError

HOST_VERSION = "0.1.0"
"""What manifests' host ranges are held against."""


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin on a shelf: its manifest, and the dotted name of its package."""

    manifest: PluginManifest
    package: str
    folder: Path


class Catalogue:
    """All plugins by name (the one that blueprints use), and all connectors by id.

    Args:
        plugins: Found plugins.
        connectors: Manifests of connectors.
    """

    def __init__(self, plugins: Sequence[FoundPlugin], connectors: Sequence[ConnectorManifest]) -> None:
        self._plugins = {found.manifest.identification.name: found for found in plugins}
        self._connectors = {manifest.id: manifest for manifest in connectors}

    @property
    def manifests(self) -> Mapping[str, PluginManifest]:
        """Manifests by plugin name."""
        return {name: found.manifest for name, found in self._plugins.items()}

    def plugin(self, name: str) -> FoundPlugin:
        """Return a plugin by name.

        Raises:
            ConfigError: there is none; says the near names.
        """
        if name not in self._plugins:
            raise ConfigError(
                f"There is no plugin named {name}.{_near(name, self._plugins)} Known: {', '.join(sorted(self._plugins))}."
            )
        return self._plugins[name]

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


def _near(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def find_all(*, plugins: Path, connectors: Path) -> Catalogue:
    """Read every manifest under the two shelves.

    Args:
        plugins: Folder of the package ``plugins``: ``phase/plugin/manifest.yaml``.
        connectors: Folder of the package ``connectors``: ``connector/manifest.yaml``.

    Raises:
        ConfigError: a manifest is broken, does not fit this version, or two plugins have one name.
    """
    found: dict[str, FoundPlugin] = {}
    for path in sorted(plugins.glob("*/*/manifest.yaml")):
        manifest = load_manifest(path)
        who = manifest.identification
        if not host_fits(who.host, HOST_VERSION):
            raise ConfigError(
                f"{path.parent.name}: {who.name} runs on S1mpleTrader {who.host}, and this is {HOST_VERSION}."
            )
        if who.name in found:
            raise ConfigError(
                f"Two plugins are named {who.name}: {found[who.name].folder.name} and {path.parent.name}."
            )
        package = f"plugins.{path.parent.parent.name}.{path.parent.name}"
        found[who.name] = FoundPlugin(manifest=manifest, package=package, folder=path.parent)
    shelves = [load(path, ConnectorManifest) for path in sorted(connectors.glob("*/manifest.yaml"))]
    for connector in shelves:
        if not host_fits(connector.host, HOST_VERSION):
            raise ConfigError(f"{connector.id} runs on S1mpleTrader {connector.host}, and this is {HOST_VERSION}.")
    return Catalogue(list(found.values()), shelves)
