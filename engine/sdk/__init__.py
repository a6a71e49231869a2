"""The only doors for foreign code: one module for plugins, one for connectors."""
