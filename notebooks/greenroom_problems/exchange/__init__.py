"""Problems from and for other formats. What cannot be carried over is said, line by line, and never dropped."""

from greenroom_problems.exchange.draft import Draft, DraftTest, Imported, draft_text
from greenroom_problems.exchange.exercism import is_exercism, read_exercism
from greenroom_problems.exchange.nbgrader import ExportedTest, source_notebook

__all__ = [
    "Draft",
    "DraftTest",
    "ExportedTest",
    "Imported",
    "draft_text",
    "is_exercism",
    "read_exercism",
    "source_notebook",
]
