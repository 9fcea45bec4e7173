"""The problem format: load, validate, release. Pure; no I/O beyond files."""
