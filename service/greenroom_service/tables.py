"""Every table of the service in one metadata: importing this module imports all models."""

from __future__ import annotations

from greenroom_service import accounts, audit, outbox
from greenroom_service.classroom import models as classroom
from greenroom_service.contests import models as contests
from greenroom_service.database import Base
from greenroom_service.interviews import models as interviews
from greenroom_service.leaving import models as leaving
from greenroom_service.notices import models as notices
from greenroom_service.practice import models as practice
from greenroom_service.study import models as study

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "accounts",
    "audit",
    "classroom",
    "contests",
    "interviews",
    "leaving",
    "notices",
    "outbox",
    "practice",
    "study",
]
