"""Dispatch: who grades a submission, and when. One interface, two implementations.

The queue carries ids only. The row of a submission is the truth: a job may be lost or run twice, and neither loses a
submission nor writes a second verdict, because the handler claims the row and a sweep dispatches what was left behind.
"""

from greenroom_grader.dispatch.inprocess import InProcessDispatch
from greenroom_grader.dispatch.interface import Dispatch, DispatchState, Handler, Job, Priority

__all__ = ["Dispatch", "DispatchState", "Handler", "InProcessDispatch", "Job", "Priority"]
