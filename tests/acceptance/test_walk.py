"""From sign-up to an accepted problem, in Chromium, as a student does it. Saves the README's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import VIEWPORT, Desk, axe, editor_of, new_context, screenshots, sign_up
from classroom import Classroom, Student
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytest_plugins = ["browser_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.hub, pytest.mark.timeout(900)]

#: Takes one item twice.
WRONG = """def two_sum(prices, voucher):
    print("looking for", voucher)
    for i, price in enumerate(prices):
        for j in range(i, len(prices)):
            if price + prices[j] == voucher:
                return [i, j]
    return []
"""
RIGHT = """def two_sum(prices, voucher):
    seen = {}
    for i, price in enumerate(prices):
        if voucher - price in seen:
            return [seen[voucher - price], i]
        seen[price] = i
    return []
"""


def test_from_sign_up_to_an_accepted_problem(browser_room: Classroom, browser: Browser, tmp_path: Path) -> None:
    pictures = screenshots(tmp_path)
    context = new_context(browser)
    page = context.new_page()
    sign_up(page, browser_room.url, "walker")

    home = page.locator(".gr-Home")
    expect(home.get_by_role("heading", level=1)).to_have_text("Start with one problem")
    page.wait_for_selector(".gr-Problem")
    assert axe(page, ".gr-Home") == []
    page.screenshot(path=pictures / "home.png")

    home.get_by_label("Search problems").fill("voucher")
    home.locator('.gr-Problem[data-problem="two-sum"]').click()
    editor = editor_of(page)
    assert editor.text.startswith("def two_sum(")
    assert axe(page, ".gr-Editor") == []

    editor.write(WRONG)
    editor.press("Submit")
    verdict = editor.verdict("WA")
    expect(verdict.get_by_role("heading")).to_have_text("Wrong answer")
    expect(verdict.get_by_role("tab", name="example 2: Wrong answer")).to_have_attribute("aria-selected", "true")
    for name, value in {
        "Call": "two_sum([60, 25, 60], 120)",
        "Expected": "[0, 2]",
        "Yours": "[0, 0]",
        "Your output": "looking for 120\n",
    }.items():
        expect(verdict.get_by_role("group", name=name, exact=True)).to_have_text(value)
    expect(editor.root.locator(".gr-Spoken[role=status]")).to_contain_text("Wrong answer.")
    editor.root.evaluate("e => e.scrollIntoView({block: 'start'})")
    page.mouse.move(640, 20)
    editor.saved()
    assert axe(page, ".gr-Editor") == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.screenshot(path=pictures / "practice.png")
    page.set_viewport_size(VIEWPORT)

    editor.write(RIGHT)
    editor.press("Submit")
    expect(editor.verdict("AC").get_by_role("heading")).to_have_text("Accepted")
    expect(editor.root.locator(".gr-Spoken[role=status]")).to_contain_text("Accepted.")
    assert axe(page, ".gr-Editor") == []

    page.get_by_role("tab", name="Home").click()
    expect(home.locator(".gr-Summary")).to_contain_text("1 of")
    expect(home.locator(".gr-Home-aside .gr-Badge").all()[0]).to_have_text("AC")
    home.get_by_label("State").select_option("solved")
    expect(home.locator(".gr-Problem")).to_have_count(1)
    assert axe(page, ".gr-Home") == []
    page.screenshot(path=pictures / "home-later.png")
    context.close()

    walker = Student(browser_room.url, "walker")
    walker.log_in()
    progress = Desk(browser_room, walker, context).api("progress")
    walker.stop_server()
    walker.close()
    assert progress["solved"] == 1
    assert [one["short"] for one in progress["recent"]] == ["AC", "WA"]


def test_the_hubs_own_pages_can_be_used_by_everybody(browser_room: Classroom, browser: Browser) -> None:
    context = new_context(browser)
    page = context.new_page()
    found = {}
    for path in ("signup", "login"):
        page.goto(f"{browser_room.url}/hub/{path}")
        found[path] = axe(page)
    context.close()
    assert found == {"signup": [], "login": []}


def test_a_problem_is_solved_without_a_mouse(desk: Desk) -> None:
    page = desk.lab()
    page.wait_for_selector(".gr-Problem")
    search = page.get_by_label("Search problems")
    search.focus()
    page.keyboard.type("voucher")
    expect(page.locator(".gr-Problem")).to_have_count(1)
    for _ in range(5):  # topic, difficulty, state, bookmarked, the row
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    editor = editor_of(page)
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(RIGHT)
    page.keyboard.press("Escape")  # closes the completion that the text may have opened
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Enter")
    expect(editor.root.locator("[data-run=pass]")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    editor.verdict("AC")
    page.keyboard.press("Alt+Shift+H")
    expect(editor.root.get_by_role("tab", name="Hints")).to_have_attribute("aria-selected", "true")
    editor.root.get_by_role("tab", name="Hints").focus()
    page.keyboard.press("ArrowRight")
    expect(editor.root.get_by_role("tab", name="History")).to_be_focused()
