"""The half beside the student's server: forwards the panels' calls as the student."""
