"""Contests: formats, boards, archives of the ICPC Contest API, ratings."""
