"""What can go wrong in the deployment, as one tree.

::

    HubError
    ├── RefusedError        the user has to change something first (exit status 2)
    └── FailedError         work that was begun and did not succeed (exit status 1)

The text of each is one line: what, where, and what to do.
"""

from __future__ import annotations


class HubError(Exception):
    """Any error of the deployment; its text is the line that the user reads."""

    #: The exit status of the command line.
    status = 2


class RefusedError(HubError):
    """Nothing was started, because something that the user can change stands in the way."""


class FailedError(HubError):
    """A step that was begun did not succeed."""

    status = 1
