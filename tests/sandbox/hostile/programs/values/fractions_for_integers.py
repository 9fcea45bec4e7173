# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Numbers of other kinds that compare equal to an integer."
# ///
from decimal import Decimal
from fractions import Fraction


def f(x):
    return Fraction(x + 1) if x % 2 else Decimal(x + 1)
