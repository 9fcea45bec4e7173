"""Errors of the grader, in one tree. Each carries one clear line: what, where, what to do.

::

    GraderError
    |-- SandboxError                a box or a zygote failed us; never a student's fault
    |   `-- SandboxUnavailableError this machine offers no isolation at all
    |-- PublishError                a problem cannot be published as its author wrote it
    |-- PackageError                a stored package cannot be read
    |-- InputError                  an input that a student typed is not a plain Python value, or does not fit
    |-- UnsupportedError            the problem cannot be judged in this way
    |-- AssignmentError             an nbgrader assignment cannot be read
    |-- DispatchError               the queue of submissions cannot be reached
    |   `-- DispatchFullError       it holds as many as it may; try again later
    `-- UsageError                  a command was given something that it cannot work with
"""

from __future__ import annotations


class GraderError(Exception):
    """Base of every error that the grader raises on purpose."""

    #: Exit status of a command that it ends: 2 where the user can change something, 1 where work failed.
    status = 2


class SandboxError(GraderError):
    """A box could not be made, or broke for a reason that is ours."""

    status = 1


class SandboxUnavailableError(SandboxError):
    """No isolation can be had on this machine and nobody asked for ``--unsafe``."""

    status = 2


class PublishError(GraderError):
    """The tests cell or the reference of a problem does not do what publishing needs."""

    status = 1


class PackageError(GraderError):
    """Stored text is not a package that this version can read."""


class InputError(GraderError):
    """An input of a custom run is not Python literal source, or not an input of this problem."""


class UnsupportedError(GraderError):
    """A problem does not offer what was asked for, for example growth without a generator."""


class AssignmentError(GraderError):
    """A notebook of an nbgrader assignment cannot be read or does not belong to it."""


class DispatchError(GraderError):
    """The queue of submissions cannot be reached; the submission itself is safe in its row."""

    status = 1


class DispatchFullError(DispatchError):
    """As many submissions wait as may wait. Back-pressure, not a fault."""


class UsageError(GraderError):
    """A file or an option of a command is not usable; exit status 2."""
