"""The grader's half of the command line: ``greenroom grade`` and ``greenroom bench grader``."""
