"""Leaving: everything about a person in one file, and the deletion of it after a stated delay."""
