"""Classroom: cohorts, who is in them and as what, and the reading of the audit log."""
