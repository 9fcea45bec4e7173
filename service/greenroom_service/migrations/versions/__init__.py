"""The migrations themselves, oldest first."""
