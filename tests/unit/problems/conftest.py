"""A small, complete problem as text, and ways to break it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

FRONT = """\
---
jupytext:
  notebook_metadata_filter: greenroom
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
greenroom:
  id: add-up
  title: Adding up
  difficulty: easy
  topics: [math]
  kind: function
  entry: "def add_up(numbers: list[int], start: int = 0) -> int"
  hints: [Which one, What, How, All of it.]
---
"""

BODY = """\

+++ {"tags": ["statement"]}

Add the `numbers` to `start`.

```python
>>> add_up([1, 2])
3
>>> add_up([], 5)
5
```

```{code-cell} ipython3
:tags: [starter]

def add_up(numbers: list[int], start: int = 0) -> int:
    ...
```

```{code-cell} ipython3
:tags: [solution]

def add_up(numbers: list[int], start: int = 0) -> int:
    secret_total = start
    for number in numbers:
        secret_total += number
    return secret_total
```

```{code-cell} ipython3
:tags: [tests]

examples = [([1, 2],), ([], 5)]
hidden = [([918273],), ([645, 1],)]
```

```{code-cell} ipython3
---
tags: [wrong]
greenroom:
  name: forgets the start
  verdict: wrong_answer
  why: It begins at zero whatever it was told.
---
def add_up(numbers, start=0):
    return sum(numbers)
```

+++ {"tags": ["editorial"]}

**Idea.** One walk. **Cost.** O(n).

+++ {"tags": ["interviewer"]}

## Probe

- Why?
"""


@pytest.fixture(scope="session")
def text() -> str:
    """A problem that loads."""
    return FRONT + BODY


@pytest.fixture(scope="session")
def problems_folder() -> Path:
    """The problems that are shipped."""
    return ROOT / "notebooks" / "problems"
