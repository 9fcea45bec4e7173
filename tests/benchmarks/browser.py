"""Measure the student's place in Chromium: python tests/benchmarks/browser.py [URL NAME PASSWORD]

Starts a classroom of its own unless one is named, and prints one figure per line: keystroke to paint in a draft of 500
lines, Submit to the verdict, what the extension adds to JupyterLab's load, its first chunk, and scrolling 10,000 rows.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from browser import chromium, editor_of, new_context
from classroom import ROOT, Student, classroom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser import Editor
    from playwright.sync_api import BrowserContext, Page

STATIC = ROOT / "extension" / "greenroom_lab" / "labextension" / "static"
KEYSTROKES = 60
SUBMISSIONS = 15
LOADS = 5
ROWS = 10_000
RIGHT = """def two_sum(prices, voucher):
    seen = {}
    for i, price in enumerate(prices):
        if voucher - price in seen:
            return [seen[voucher - price], i]
        seen[price] = i
    return []
"""
#: Key events carry the time at which the browser got them; the frame after the next is on the screen.
MEASURE_KEYS = """() => {
  window.painted = [];
  document.addEventListener('keydown', event => {
    const begun = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.painted.push(performance.now() - begun);
      channel.port2.postMessage(0);
    });
  }, true);
}"""
SCROLL = """async () => {
  const rows = document.querySelector('.gr-Rows');
  const long = [];
  new PerformanceObserver(list => long.push(...list.getEntries().map(e => e.duration)))
    .observe({type: 'longtask', buffered: false});
  for (let top = 0; top < rows.scrollHeight; top += 4000) {
    rows.scrollTop = top;
    await new Promise(done => requestAnimationFrame(done));
  }
  await new Promise(done => setTimeout(done, 500));
  return {rows: rows.scrollHeight / 40, long};
}"""


def report(name: str, value: float, unit: str, promise: str) -> None:
    print(f"{name:<34} {value:9.1f} {unit:<5} (to reach: {promise})", flush=True)


@contextlib.contextmanager
def student() -> Iterator[Student]:
    """Sign in to the classroom that was named, or to one of our own."""
    with contextlib.ExitStack() as stack:
        if len(sys.argv) == 4:
            url, name, password = sys.argv[1:]
            who = Student(url, name, password)
        else:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"
            who = Student(stack.enter_context(classroom(data)).url, "bench")
            who.sign_up()
        who.log_in()
        stack.callback(who.close)
        who.start_server()
        yield who


def signed_in(context: BrowserContext, who: Student) -> None:
    context.add_cookies(
        [
            {"name": one.name, "value": one.value or "", "domain": "127.0.0.1", "path": one.path}
            for one in who.http.cookies.jar
        ]
    )


def keystrokes(editor: Editor) -> None:
    lines = "".join(f"value_{number} = compute({number}, [1, 2, 3])  # a line\n" for number in range(499))
    editor.write(lines)
    editor.page.evaluate(MEASURE_KEYS)
    editor.focus()
    for number in range(KEYSTROKES):
        editor.page.keyboard.press("abcdefgh"[number % 8])
        time.sleep(0.06)
    painted = editor.page.evaluate("window.painted")
    report("keystroke to paint, median", statistics.median(painted), "ms", "under 16")


def submissions(editor: Editor) -> None:
    editor.write(RIGHT)
    editor.saved()
    times = []
    for _ in range(SUBMISSIONS):
        times.append(
            editor.root.evaluate(
                """async root => {
                  const begun = performance.now();
                  root.querySelector('.gr-Button-primary').click();
                  while (root.querySelector('.gr-Verdict') !== null) await new Promise(requestAnimationFrame);
                  while (root.querySelector('.gr-Verdict') === null) await new Promise(requestAnimationFrame);
                  return performance.now() - begun;
                }"""
            )
        )
        time.sleep(1.2)  # a student may submit so often, and no more
    report("Submit to verdict, median", statistics.median(times), "ms", "400 or less")


def loads(page: Page, base: str) -> None:
    """Load JupyterLab with and without the extension, by turns."""

    def load(*, with_ours: bool) -> float:
        page.unroute_all()
        if not with_ours:
            page.route("**/lab?reset", without_extension)
        page.goto(f"{base}/lab?reset", wait_until="commit")
        page.wait_for_selector(".jp-Launcher, .gr-Home", timeout=120_000)
        return float(page.evaluate("performance.now()"))

    load(with_ours=True)
    pairs = [(load(with_ours=True), load(with_ours=False)) for _ in range(LOADS)]
    page.unroute_all()
    added = [ours - bare for ours, bare in pairs]
    report("added to JupyterLab's load, median", statistics.median(added), "ms", "300 or less")


def without_extension(route: object) -> None:
    """Serve JupyterLab's page as it would be without us."""
    response = route.fetch()  # type: ignore[attr-defined]
    head, mark, rest = response.text().partition('id="jupyter-config-data" type="application/json">')
    config, close, tail = rest.partition("</script>")
    data = json.loads(config)
    data["federated_extensions"] = [one for one in data["federated_extensions"] if one["name"] != "greenroom-lab"]
    route.fulfill(response=response, body=head + mark + json.dumps(data) + close + tail)  # type: ignore[attr-defined]


def long_list(page: Page, base: str) -> None:
    """Scroll a list of 10,000 problems."""
    one = {"difficulty": "easy", "topics": ["arrays"], "kind": "function", "state": "new", "attempts": 0}
    items = [{"id": f"problem-{number}", "title": f"Problem {number}", **one} for number in range(ROWS)]
    page.route("**/greenroom/api/v1/problems?**", lambda route: route.fulfill(json={"items": items, "next": None}))
    page.goto(f"{base}/lab?reset", wait_until="commit")
    page.wait_for_selector(".gr-Problem")
    found = page.evaluate(SCROLL)
    longest = max(found["long"], default=0)
    report(f"longest task, {found['rows']:.0f} rows scrolled", longest, "ms", "50 or less")


def chunk() -> None:
    """What every page loads: the entry, and the chunks that the plugins' module needs."""
    sizes = [len(gzip.compress(path.read_bytes())) for path in STATIC.glob("remoteEntry.*.js")]
    largest = max(len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.js"))
    report("entry, gzipped", sum(sizes) / 1024, "kB", "with what it loads at once: 250 or less")
    report("largest single chunk, gzipped", largest / 1024, "kB", "-")


def main() -> None:
    chunk()
    with student() as who, chromium() as browser:
        base = f"{who.url}/user/{who.name}"
        context = new_context(browser)
        signed_in(context, who)
        page = context.new_page()
        loaded: list[int] = []
        page.on("response", lambda answer: loaded.append(_gzipped(answer.url)))
        page.goto(f"{base}/lab?reset", wait_until="commit")
        page.wait_for_selector(".gr-Problem")
        report("loaded with Home open, gzipped", sum(loaded) / 1024, "kB", "first chunk 250 or less")
        loads(page, base)
        long_list(page, base)
        page.unroute_all()
        page.goto(f"{base}/lab/tree/problems/two-sum.ipynb?reset", wait_until="commit")
        editor = editor_of(page)
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        keystrokes(editor)
        submissions(editor)
        context.close()


def _gzipped(url: str) -> int:
    """Bytes of one of our files, compressed as a proxy would; 0 for anything else."""
    if "/extensions/greenroom-lab/static/" not in url:
        return 0
    path = STATIC / url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    return len(gzip.compress(path.read_bytes())) if path.exists() else 0


if __name__ == "__main__":
    main()
