"""Chromium at a classroom: a student's pages, and the editor as a student handles it."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from classroom import PASSWORD, ROOT, Classroom, Student, wait_for
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

#: Milliseconds that a page may take for anything, on a machine that does other things as well.
PATIENCE_MS = 120_000
VIEWPORT = {"width": 1280, "height": 720}
AXE = ROOT / "extension" / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=PATIENCE_MS)
_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
_PASTE = """(e, text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  e.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
_DISMISS = "e => (e.querySelector('.jp-mod-reject') ?? e.querySelector('.jp-mod-accept')).click()"
#: CodeMirror draws only the lines in sight, so the text is asked of its view.
_VIEW = "e => { const tile = e.cmTile ?? e.cmView; return (tile.root ?? tile.rootView ?? tile).view; }"


def screenshots(default: Path) -> Path:
    """Return the folder for pictures: $GREENROOM_SCREENSHOTS, which makes the README's, or *default*."""
    folder = Path(os.environ.get("GREENROOM_SCREENSHOTS") or default)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium, or Playwright's own where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Open a browser of somebody's own: cookies, storage and windows."""
    context = browser.new_context(viewport=VIEWPORT, locale="en-GB", timezone_id="Europe/Berlin", **options)
    context.set_default_timeout(PATIENCE_MS)
    return context


def sign_up(page: Page, url: str, name: str) -> None:
    """Make an account in the browser, and sign in to JupyterLab."""
    page.goto(f"{url}/hub/signup")
    page.get_by_label("Username").fill(name)
    page.locator("#password_input").fill(PASSWORD)
    page.locator("#password_confirmation_input").fill(PASSWORD)
    page.locator("#signup_submit, form [type=submit]").first.click()
    page.goto(f"{url}/hub/login")
    page.get_by_label("Username").fill(name)
    page.locator("#password_input").fill(PASSWORD)
    page.locator("#login_submit").click()
    page.wait_for_url(f"**/user/{name}/lab**")


def axe(page: Page, *parts: str) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA in *parts* of the page (CSS selectors), or in all of it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async parts => {
          const context = parts.length === 0 ? document : { include: parts.map(part => [part]) };
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
          const { violations } = await axe.run(context, { runOnly: { type: 'tag', values: tags } });
          return violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`);
        }""",
        list(parts),
    )
    return list(found)


@dataclass
class Editor:
    """The practice editor that a page shows."""

    root: Locator

    @property
    def page(self) -> Page:
        return self.root.page

    @property
    def content(self) -> Locator:
        return self.root.locator(".gr-Code .cm-content").first

    def ready(self) -> Editor:
        self.content.wait_for()
        return self

    @property
    def text(self) -> str:
        """The whole text, also what is scrolled out of sight."""
        return str(self.content.evaluate(f"e => ({_VIEW})(e).state.doc.toString()"))

    def focus(self) -> None:
        self.content.evaluate(f"e => ({_VIEW})(e).focus()")

    def write(self, text: str) -> None:
        """Replace the text by what a paste brings."""
        self.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def paste(self, text: str) -> None:
        """Replace the text by what the clipboard holds: quick for any length, and any characters."""
        self.focus()
        self.page.keyboard.press("Control+a")
        self.content.evaluate(_PASTE, text)

    def type(self, text: str) -> None:
        """Type at the end, key by key."""
        self.focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def show(self, tab: str) -> None:
        self.root.get_by_role("tab", name=tab, exact=True).click()

    def verdict(self, short: str) -> Locator:
        """Wait for a verdict."""
        found = self.root.locator(f'.gr-Verdict[data-verdict="{short}"]')
        found.wait_for()
        return found

    @property
    def saving(self) -> Locator:
        return self.root.locator(".gr-Save")

    def saved(self) -> None:
        """Wait until the service has the text."""
        expect(self.saving).to_have_attribute("data-save", "saved")


@dataclass
class Desk:
    """One student in one browser."""

    room: Classroom
    student: Student
    context: BrowserContext

    @property
    def base(self) -> str:
        return f"{self.room.url}/user/{self.student.name}"

    @property
    def home(self) -> Path:
        return self.room.data / "homes" / self.student.name

    def lab(self, path: str = "") -> Page:
        """Open JupyterLab in a new tab, with the file at *path*, without the layout of last time."""
        page = self.context.new_page()
        # JupyterLab's own dialogs (a kernel died, a file changed) are waved away as a student would.
        page.add_locator_handler(page.locator(".jp-Dialog"), lambda dialog: dialog.evaluate(_DISMISS))
        page.goto(f"{self.base}/lab{f'/tree/{path}' if path else ''}?reset", wait_until="commit")
        return page

    def problem(self, problem: str) -> Editor:
        """Open a problem's notebook in a new tab of the browser."""
        return editor_of(self.lab(f"problems/{problem}.ipynb"))

    def go_on_with(self, page: Page, problem: str) -> Editor:
        """Open a problem from Home in a JupyterLab that is open: loading JupyterLab anew takes seconds."""
        search = page.locator(".gr-Home").get_by_label("Search problems")

        def at_home() -> bool:
            # JupyterLab that restores its layout may put the notebook in front once more.
            page.get_by_role("tab", name="Home", exact=True).first.click()
            return search.is_visible()

        wait_for(at_home, "Home to be in front")
        search.fill(problem)
        page.locator(f'.gr-Problem[data-problem="{problem}"]').click()
        page.locator(".gr-Home").wait_for(state="hidden")
        return editor_of(page)

    def notebook(self, name: str, *cells: str) -> str:
        """Put a notebook with these code cells into the home; return its path."""
        empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        source = [{**empty, "id": f"cell{number}", "source": text} for number, text in enumerate(cells)]
        kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        document = {"cells": source, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        url = f"{self.base}/api/contents/{name}"
        body = {"type": "notebook", "format": "json", "content": document}
        httpx.put(url, json=body, headers=self._headers(), timeout=60).raise_for_status()
        return name

    def api(self, path: str) -> Any:
        """Read the service's API as this student, without the browser."""
        answer = httpx.get(f"{self.room.url}/services/greenroom/v1/{path}", headers=self._headers(), timeout=60)
        answer.raise_for_status()
        return answer.json()

    def draft(self, problem: str) -> str:
        return str(self.api(f"drafts/{problem}")["code"])

    def _headers(self) -> dict[str, str]:
        if not hasattr(self.student, "_token"):
            self.student._token = self.student.token()  # type: ignore[attr-defined]
        return {"Authorization": f"token {self.student._token}"}  # type: ignore[attr-defined]


def editor_of(page: Page) -> Editor:
    """Return the page's editor once it can be typed into."""
    return Editor(page.locator(".gr-Editor:visible").first).ready()


def restart_service(room: Classroom) -> None:
    """Wait until the service, which was killed, answers again."""

    def ready() -> bool:
        try:
            return httpx.get(f"{room.url}/services/greenroom/readyz", timeout=30).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    wait_for(ready, "the service to answer again")
