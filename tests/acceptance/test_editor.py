"""The practice editor in a problem's notebook, as a student handles it in Chromium."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from browser import Desk, Editor, editor_of
from classroom import wait_for
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest_plugins = ["browser_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.hub, pytest.mark.timeout(600)]

WRONG = "def running_total(numbers):\n    return list(numbers)\n"


def set_setting(desk: Desk, plugin: str, **values: object) -> None:
    """Change a setting of JupyterLab as its settings editor does."""
    url = f"{desk.base}/lab/api/settings/{plugin}"
    httpx.put(url, json={"raw": json.dumps(values)}, headers=desk._headers(), timeout=60).raise_for_status()


def test_examples_own_inputs_and_stress_explain_themselves(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "running-total")
    page = editor.page
    editor.show("Hints")
    expect(editor.root.get_by_role("button", name=re.compile("Open hint 1"))).to_be_disabled()
    editor.write(WRONG)
    editor.show("Inputs")
    inputs = editor.root.locator(".gr-Input textarea")
    examples = inputs.count()
    editor.press("Add an input")
    inputs.last.fill("[5, 5, 5]")
    editor.press("Run")
    run = editor.root.locator("[aria-label=Run]")
    expect(run.get_by_role("tab")).to_have_count(examples + 1)
    run.get_by_role("tab").last.click()
    expect(run.get_by_role("group", name="Expected")).to_have_text("[5, 10, 15]")
    expect(run.get_by_role("group", name="Yours")).to_have_text("[5, 5, 5]")

    editor.press("Stress")
    expect(editor.root.locator("[aria-label=Stress]")).to_contain_text("Found a difference")

    assert "Alt+Shift+S" in (editor.root.get_by_role("button", name="Stress").get_attribute("title") or "")
    assert "Ctrl+Enter" in (editor.root.get_by_role("button", name="Run").get_attribute("title") or "")
    editor.focus()
    page.keyboard.press("Control+Shift+Enter")
    editor.verdict("WA")
    editor.show("Hints")
    editor.root.get_by_role("button", name=re.compile("Open hint 1")).click()
    expect(editor.root.locator(".gr-Hints li")).to_have_count(1)
    expect(editor.root.get_by_role("button", name=re.compile("Open hint 2"))).to_be_disabled()


def test_typing_completes_searches_resets_and_undoes_across_a_reload(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "two-sum")
    page = editor.page
    starter = editor.text
    editor.write("def two_sum(prices, voucher):\n    ")
    page.keyboard.press("Control+End")
    page.keyboard.type("vou")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_have_text("voucher")
    page.wait_for_timeout(100)  # for 75 ms Enter is still a new line, lest a list that pops up takes it
    page.keyboard.press("Enter")
    page.keyboard.type(" = enumer")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("enumerate")
    page.keyboard.press("Escape")
    assert editor.text.endswith("voucher = enumer")

    page.keyboard.press("Control+f")
    page.locator(".cm-search input[name=search]").press_sequentially("prices")
    expect(page.locator(".cm-searchMatch")).to_have_count(1)
    page.keyboard.press("Escape")

    before = editor.text
    editor.press("Reset")
    assert editor.text == starter
    editor.focus()
    page.keyboard.press("Control+z")
    assert editor.text == before
    editor.saved()
    page.wait_for_timeout(800)  # the undo history follows the text after half a second
    page.reload()
    editor = editor_of(page)
    assert editor.text == before
    editor.focus()
    page.keyboard.press("Control+z")
    assert editor.text != before
    page.keyboard.press("Control+y")
    assert editor.text == before


def test_any_two_versions_can_be_compared_and_brought_back(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "balanced-brackets")
    for text in ("first = 1\n", "second = 2\n"):
        editor.write(text)
        editor.saved()
    editor.write("third = 3\n")
    editor.saved()
    editor.show("History")
    drafts = editor.root.get_by_role("region", name="Saved drafts").get_by_role("button")
    expect(drafts).to_have_count(3)
    drafts.nth(2).click()
    expect(editor.root.locator(".gr-Diff")).to_contain_text("first = 1")
    expect(editor.root.locator(".gr-Diff")).to_contain_text("third = 3")
    editor.root.get_by_label("Compare with").select_option(index=2)
    expect(editor.root.locator(".gr-Diff")).to_contain_text("second = 2")
    editor.press("Bring back")
    assert editor.text == "first = 1\n"


def test_key_maps_font_and_theme_are_those_of_the_settings(desk: Desk) -> None:
    set_setting(desk, "greenroom-lab:practice", keymap="vim")
    set_setting(desk, "@jupyterlab/codemirror-extension:plugin", defaultConfig={"fontSize": 19})
    set_setting(desk, "@jupyterlab/apputils-extension:themes", theme="JupyterLab Dark")
    try:
        editor = desk.problem("roman-numerals")
        page = editor.page
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", "JupyterLab Dark")
        expect(editor.root.locator(".cm-vimMode").first).to_be_visible()
        expect(editor.content).to_have_css("font-size", "19px")
        background = editor.root.evaluate("e => getComputedStyle(e).backgroundColor")
        assert max(map(int, re.findall(r"\d+", background)[:3])) < 80
        editor.focus()
        page.keyboard.type("ggdGione = 1")
        page.keyboard.press("Escape")
        page.keyboard.type("yypA + 1")
        page.keyboard.press("Escape")
        assert editor.text == "one = 1\none = 1 + 1"
        assert page.locator(".jp-Notebook .jp-Cell").count() == 5
    finally:
        set_setting(desk, "greenroom-lab:practice", keymap="emacs")
        set_setting(desk, "@jupyterlab/codemirror-extension:plugin")
        set_setting(desk, "@jupyterlab/apputils-extension:themes", theme="JupyterLab Light")
    editor.saved()
    page.reload()
    editor = editor_of(page)
    editor.root.locator(".cm-emacsMode").first.wait_for()
    editor.focus()
    for keys in ("Control+p", "Control+a", "Control+k"):  # line up, its beginning, kill what follows
        page.keyboard.press(keys)
    text = editor.text
    set_setting(desk, "greenroom-lab:practice")
    page.close()
    assert text == "\none = 1 + 1"


def test_the_timer_counts_and_can_be_hidden(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "binary-search-first")
    timer = editor.root.locator(".gr-Timer button").first
    expect(timer).to_have_text(re.compile(r"0:0[1-9]"))
    timer.click()
    expect(timer).to_have_text("Timer")
    timer.click()
    expect(timer).to_have_text(re.compile(r"\d+:\d\d"))


def test_every_action_is_in_the_shortcut_settings(desk: Desk) -> None:
    settings = httpx.get(f"{desk.base}/lab/api/settings/greenroom-lab:practice", headers=desk._headers(), timeout=60)
    bound = {one["command"] for one in settings.json()["schema"]["jupyter.lab.shortcuts"]}
    assert bound == {f"greenroom:{name}" for name in ("run", "submit", "stress", "reset", "to-kernel", "hints")}


def run_cell(page: Page, index: int) -> None:
    """Run a cell; again when JupyterLab, which is still opening, did not hear the keys."""
    cell = page.locator(".jp-Notebook .jp-Cell").nth(index)

    def heard() -> bool:
        cell.locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(cell.locator(".jp-InputPrompt").first).not_to_have_text("[ ]:", timeout=5000)
            return True
        return False

    wait_for(heard, "the cell to run")


def test_code_goes_to_the_kernel_and_comes_from_a_cell(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "two-sum")
    page = editor.page
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]:visible').wait_for()
    editor.write("def two_sum(prices, voucher):\n    return ['from', 'the', 'editor']\n")
    editor.press("To kernel")
    expect(editor.root.locator(".gr-Actions [role=status]")).to_have_text("Defined in the kernel.")
    scratch = page.locator(".jp-Notebook:visible .jp-Cell").nth(4)
    scratch.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("two_sum([], 0)")
    page.keyboard.press("Control+Enter")
    expect(scratch.locator(".jp-OutputArea-output").first).to_contain_text("['from', 'the', 'editor']")

    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("def two_sum(prices, voucher):\n    return 'from a cell'")
    scratch.click(button="right")
    page.get_by_text(re.compile("code into the Greenroom editor")).click()
    assert editor.text == "def two_sum(prices, voucher):\n    return 'from a cell'\n"
    page.keyboard.press("Control+z")
    assert "the', 'editor'" in editor.text


CALL = 'from greenroom_notebook import problem\nproblem("running-total")'


def solve(editor: Editor) -> None:
    editor.write("def running_total(numbers):\n    total = 0\n    return [total := total + one for one in numbers]\n")
    editor.page.keyboard.press("Control+Shift+Enter")
    editor.verdict("AC")


def test_a_cell_shows_the_editor_in_jupyterlab(desk: Desk) -> None:
    page = desk.lab(desk.notebook("own.ipynb", CALL, "running_total([1, 2])"))
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    run_cell(page, 0)
    editor = editor_of(page)
    solve(editor)
    editor.press("To kernel")
    run_cell(page, 1)
    expect(page.locator(".jp-OutputArea-output").last).to_contain_text("[1, 3]")


def test_a_cell_shows_the_editor_in_notebook_7(desk: Desk) -> None:
    path = desk.notebook("seven.ipynb", CALL)
    page = desk.context.new_page()
    page.goto(f"{desk.base}/notebooks/{path}")
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    run_cell(page, 0)
    solve(editor_of(page))


def test_voila_shows_the_editor(desk: Desk) -> None:
    path = desk.notebook("dashboard.ipynb", CALL)
    page = desk.context.new_page()
    page.goto(f"{desk.base}/voila/render/{path}")
    solve(editor_of(page))


def test_a_released_notebook_shows_its_editor_in_notebook_7(desk: Desk) -> None:
    page = desk.context.new_page()
    page.goto(f"{desk.base}/notebooks/problems/two-sum.ipynb")
    editor = editor_of(page)
    assert "two_sum" in editor.text
