"""Interviews: mock interviews with Claude or, without a key, with a script made of the problem's own notes."""
