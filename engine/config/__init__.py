"""YAML in, frozen models out: the only reader of YAML."""
