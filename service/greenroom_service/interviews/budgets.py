"""Budgets: what Claude may cost, reserved in the database before each call and settled once after it.

A reservation stands in several scopes at the same time (the user, each cohort with a limit, the deployment), all or
none. One that nobody settles, because its process died, counts as spent in full when it expires: that errs on the
side of the one who pays. Money is counted in millionths of a dollar.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from greenroom_service.database import new_id, now
from greenroom_service.errors import SettingsError
from greenroom_service.interviews.errors import BudgetError
from greenroom_service.interviews.models import AiBucket, AiBudget, AiCharge, ChargeState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import Database
    from greenroom_service.interviews.calls import Usage

#: After which a reservation that nobody settled counts as spent.
EXPIRES = dt.timedelta(minutes=10)
#: Share of a budget from which on the cheaper model answers.
ECONOMY_FROM = 0.8


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-dollars per token."""

    input: float
    output: float

    def of(self, usage: Usage) -> int:
        """What a call costs: reading the cache costs a tenth, writing it a quarter more."""
        read, write = 0.1 * usage.cache_read, 1.25 * usage.cache_write
        return math.ceil(self.input * (usage.input + read + write) + self.output * usage.output)


def prices(text: str) -> dict[str, Price]:
    """Prices as the setting writes them: ``model=input/output`` in dollars per million tokens, with blanks between.

    Raises:
        SettingsError: it is written otherwise.
    """
    found = {}
    for item in text.split():
        model, _, both = item.partition("=")
        first, _, second = both.partition("/")
        try:
            found[model] = Price(float(first), float(second))
        except ValueError:
            raise SettingsError(
                f"GREENROOM_CLAUDE_PRICES: {item!r} is no price; write for example claude-sonnet-5-5=2/10"
            ) from None
    return found


@dataclass(frozen=True, slots=True)
class Limit:
    """What a scope may spend in a month; None for any amount."""

    scope: str
    tokens: int | None = None
    micros: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a call is for."""

    user: str
    interview_id: uuid.UUID
    #: ``turn`` or ``report``.
    purpose: str
    model: str
    prompt_version: str


def period_of(moment: dt.datetime) -> str:
    """The month that a moment lies in."""
    return moment.strftime("%Y-%m")


def until_next_period(moment: dt.datetime) -> int:
    """Seconds until budgets begin anew."""
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return max(1, math.ceil((following - moment).total_seconds()))


def drip(level: float, seconds: float, *, size: float, per_second: float) -> float:
    """What is in a token bucket after some seconds."""
    return min(size, level + max(0.0, seconds) * per_second)


class Budgets:
    """The books. Thread-safe.

    Args:
        database: where they are kept.
        price_of: prices by model.
        bucket: how many calls one person may make at once.
        per_minute: how many they may make in the long run.
    """

    def __init__(
        self, database: Database, price_of: Mapping[str, Price], *, bucket: float = 10, per_minute: float = 10
    ) -> None:
        self._database = database
        self._prices = price_of
        self._bucket = bucket
        self._per_second = per_minute / 60

    def price(self, model: str) -> Price:
        """The price of a model; of one that the settings do not name, the dearest that they do."""
        dearest = max(self._prices.values(), key=lambda price: price.output, default=Price(0, 0))
        return self._prices.get(model, dearest)

    def reserve(self, purpose: Purpose, limits: Sequence[Limit], *, input_tokens: int, output_tokens: int) -> uuid.UUID:
        """Set aside what a call may cost at most; returns the charge.

        Raises:
            BudgetError: one of the limits would be passed; nothing was set aside.
        """
        price, moment = self.price(purpose.model), now()
        tokens = input_tokens + output_tokens
        # As if the whole input were written to the cache: the dearest that it can become.
        micros = math.ceil(1.25 * price.input * input_tokens + price.output * output_tokens)
        charge = new_id()
        with self._database.write() as session:
            for limit in sorted(limits, key=lambda one: one.scope):
                _reserve(session, limit, period_of(moment), tokens, micros, moment)
            session.execute(
                sa.insert(AiCharge).values(
                    id=charge,
                    user_name=purpose.user,
                    interview_id=purpose.interview_id,
                    purpose=purpose.purpose,
                    model=purpose.model,
                    prompt_version=purpose.prompt_version,
                    period=period_of(moment),
                    scopes={"scopes": [limit.scope for limit in limits]},
                    state=ChargeState.RESERVED.value,
                    reserved_tokens=tokens,
                    reserved_micros=micros,
                    created_at=moment,
                    expires_at=moment + EXPIRES,
                )
            )
        return charge

    def settle(self, charge: uuid.UUID, usage: Usage, fault: str = "") -> bool:
        """Replace a reservation by what the call cost; False when it was settled before."""
        with self._database.write() as session:
            return _settle(session, charge, usage, self.price, fault)

    def sweep(self) -> int:
        """Count expired reservations as spent; returns how many there were."""
        with self._database.write() as session:
            expired = sa.and_(AiCharge.state == ChargeState.RESERVED.value, AiCharge.expires_at < now())
            charges = session.execute(sa.select(AiCharge.id).where(expired).limit(500)).scalars().all()
            return sum(_settle(session, charge, None, self.price, "lost") for charge in charges)

    def take(self, user: str) -> None:
        """Take one from a person's token bucket.

        Raises:
            BudgetError: it is empty; Retry-After says until when.
        """
        with self._database.write() as session:
            row = session.get(AiBucket, user, with_for_update=True)
            moment = now()
            level = self._bucket
            if row is not None:
                seconds = (moment - row.at).total_seconds()
                level = drip(row.level, seconds, size=self._bucket, per_second=self._per_second)
            if level < 1:
                wait = math.ceil((1 - level) / self._per_second)
                raise BudgetError(f"You answer faster than the interviewer can. Wait {wait} s.", retry_after=wait)
            if row is None:
                session.add(AiBucket(user_name=user, level=level - 1, at=moment))
            else:
                row.level, row.at = level - 1, moment

    def share_spent(self, limits: Sequence[Limit]) -> float:
        """The largest share of a limit that is spent or reserved this month; 0 where nothing is limited."""
        with self._database.read() as session:
            return max((_share(session, limit) for limit in limits), default=0.0)


def _share(session: Session, limit: Limit) -> float:
    row = session.get(AiBudget, (limit.scope, period_of(now())))
    if row is None:
        return 0.0
    shares = [0.0]
    if limit.tokens is not None:
        shares.append((row.spent_tokens + row.reserved_tokens) / max(1, limit.tokens))
    if limit.micros is not None:
        shares.append((row.spent_micros + row.reserved_micros) / max(1, limit.micros))
    return max(shares)


def _reserve(session: Session, limit: Limit, period: str, tokens: int, micros: int, moment: dt.datetime) -> None:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"spent_tokens": 0, "reserved_tokens": 0, "spent_micros": 0, "reserved_micros": 0}
    session.execute(dialect.insert(AiBudget).values(scope=limit.scope, period=period, **empty).on_conflict_do_nothing())
    fits = [AiBudget.scope == limit.scope, AiBudget.period == period]
    if limit.tokens is not None:
        fits.append(AiBudget.spent_tokens + AiBudget.reserved_tokens + tokens <= limit.tokens)
    if limit.micros is not None:
        fits.append(AiBudget.spent_micros + AiBudget.reserved_micros + micros <= limit.micros)
    done: Any = session.execute(
        sa.update(AiBudget)
        .where(*fits)
        .values(reserved_tokens=AiBudget.reserved_tokens + tokens, reserved_micros=AiBudget.reserved_micros + micros)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        whose = {"user": "Your", "cohort": "Your cohort's"}.get(limit.scope.partition(":")[0], "This Greenroom's")
        raise BudgetError(
            f"{whose} budget for Claude is used up for this month. You can go on with the scripted interviewer.",
            retry_after=until_next_period(moment),
        )


def _settle(session: Session, charge_id: uuid.UUID, usage: Usage | None, price_of: Any, fault: str) -> bool:
    charge = session.get(AiCharge, charge_id, with_for_update=True)
    if charge is None or charge.state != ChargeState.RESERVED.value:
        return False
    tokens, micros = charge.reserved_tokens, charge.reserved_micros
    if usage is not None:
        tokens = usage.input + usage.output + usage.cache_read + usage.cache_write
        micros = price_of(charge.model).of(usage)
        charge.input_tokens, charge.output_tokens = usage.input, usage.output
        charge.cache_read_tokens, charge.cache_write_tokens = usage.cache_read, usage.cache_write
    charge.state, charge.micros, charge.settled_at = ChargeState.SETTLED.value, micros, now()
    charge.fault = fault or None
    session.execute(
        sa.update(AiBudget)
        .where(AiBudget.scope.in_(charge.scopes["scopes"]), AiBudget.period == charge.period)
        .values(
            spent_tokens=AiBudget.spent_tokens + tokens,
            spent_micros=AiBudget.spent_micros + micros,
            reserved_tokens=AiBudget.reserved_tokens - charge.reserved_tokens,
            reserved_micros=AiBudget.reserved_micros - charge.reserved_micros,
        )
        .execution_options(synchronize_session=False)
    )
    return True
