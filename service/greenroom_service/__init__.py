"""The JupyterHub service: API, progress database, dispatch."""
