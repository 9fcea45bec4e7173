"""Home and the panels around it in Chromium: what a student sees, keeps, is told, and takes away."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import pytest
from browser import Desk, axe, editor_of
from classroom import Student
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from classroom import Classroom
    from playwright.sync_api import Locator, Page

pytest_plugins = ["browser_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.hub, pytest.mark.timeout(900)]

PROBLEM = "count-vowels"
RIGHT = """def count_vowels(line):
    return sum(letter in "aeiou" for letter in line.lower())
"""


@pytest.fixture(scope="module")
def bea(browser_room: Classroom) -> Iterator[Student]:
    """A student who has done nothing yet, whatever the other modules did."""
    student = Student(browser_room.url, "hana")
    student.sign_up()
    student.log_in()
    student.start_server()
    yield student
    student.close()


@pytest.fixture(scope="module")
def home(lab: Page) -> Locator:
    return lab.locator(".gr-Home")


def go_home(page: Page) -> None:
    page.get_by_role("tab", name="Home", exact=True).click()


def tool(page: Page, name: str) -> None:
    """Open another panel from Home."""
    go_home(page)
    page.locator(".gr-Tools").get_by_role("button", name=name).click()
    page.locator(f".gr-{name} h2").first.wait_for()


def find(home: Locator, problem: str) -> Locator:
    """Search for a problem; return its row."""
    home.get_by_label("Search problems").fill(problem)
    return home.locator(".gr-Rows li").filter(has=home.page.locator(f'[data-problem="{problem}"]'))


def test_home_says_what_to_do_and_why(home: Locator) -> None:
    lines = home.get_by_role("list", name="Today").get_by_role("button")
    expect(lines.first.locator(".gr-Go")).to_be_visible()
    assert all(len(line.locator(".gr-Line-text > .gr-Quiet").inner_text()) > 10 for line in lines.all())
    expect(home.locator(".gr-Goal")).to_contain_text("of 3 days")
    assert axe(home.page, ".gr-Home", ".gr-Bell") == []


def test_a_sheet_shows_its_problems_in_order_with_their_why(home: Locator, desk: Desk) -> None:
    sheet = desk.api("sheets/first-steps")
    home.locator('.gr-Card[data-sheet="first-steps"]').click()
    expect(home.get_by_role("heading", level=1)).to_be_focused()
    entries = home.locator(".gr-Entries .gr-Line")
    expect(entries).to_have_count(len(sheet["entries"]))
    shown = [(entry.get_attribute("data-problem"), entry.inner_text()) for entry in entries.all()]
    assert [problem for problem, _ in shown] == [entry["problem"]["id"] for entry in sheet["entries"]]
    assert all(entry["why"] in text for entry, (_, text) in zip(sheet["entries"], shown, strict=True))
    assert axe(home.page, ".gr-Home") == []
    home.get_by_role("button", name="Home").click()
    expect(home.locator('.gr-Card[data-sheet="first-steps"]')).to_be_focused()


def test_a_bookmark_and_a_note_survive_a_reload(home: Locator) -> None:
    page = home.page
    row = find(home, PROBLEM)
    row.get_by_role("button", name="Bookmark").click()
    row.get_by_role("button", name="Write a note").click()
    page.keyboard.type("Lower case first.")
    expect(row.locator("[data-save]")).to_have_attribute("data-save", "saved")
    assert axe(page, ".gr-Problems") == []

    page.reload()
    go_home(page)
    home.get_by_role("button", name="Bookmarked").click()
    expect(home.locator(".gr-Problem")).to_have_count(1)
    row = home.locator(".gr-Rows li")
    expect(row.get_by_role("button", name="Bookmark")).to_have_attribute("aria-pressed", "true")
    row.get_by_role("button", name="Your note").click()
    expect(row.get_by_role("textbox")).to_have_value("Lower case first.")
    page.keyboard.press("Escape")
    expect(row.get_by_role("textbox")).to_have_count(0)


def test_solving_moves_todays_list_and_offers_a_rating(home: Locator, desk: Desk) -> None:
    page = home.page
    home.locator(f'.gr-Problem[data-problem="{PROBLEM}"]').click()
    editor = editor_of(page)
    editor.write("def count_vowels(line):\n    return 0\n")
    editor.press("Submit")
    editor.verdict("WA")
    go_home(page)
    expect(home.locator(f'.gr-Line[data-problem="{PROBLEM}"] .gr-Go')).to_have_text("Continue")

    home.locator(f'.gr-Line[data-problem="{PROBLEM}"]').click()
    editor = editor_of(page)
    editor.write(RIGHT)
    editor.press("Submit")
    editor.verdict("AC")
    offer = editor.root.locator(".gr-Rating")
    expect(offer.locator("[data-proposed=true]")).to_have_count(1)
    assert axe(page, ".gr-Editor") == []

    go_home(page)
    expect(home.locator(f'.gr-Line[data-problem="{PROBLEM}"]')).to_have_count(0)
    expect(home.locator(".gr-Goal")).to_contain_text("1 of 3 days")
    home.locator(".gr-Offers [data-proposed=true]").click()
    expect(home.locator(".gr-Offers")).to_have_count(0)
    home.locator(".gr-Queue summary").click()
    expect(home.locator(".gr-Queue li")).to_have_count(1)
    queue = desk.api("reviews?upcoming=true")
    assert queue["due"] == 0
    assert queue["items"][0]["due_on"] > queue["today"]


def test_a_review_opens_a_blank_editor_and_is_rated(home: Locator, desk: Desk, browser_room: Classroom) -> None:
    page = home.page
    with sqlite3.connect(browser_room.data / "greenroom.sqlite", timeout=60) as database:  # ten days go by
        for table, columns in {"review_cards": ("rated_on", "due_on"), "review_answers": ("rated_on",)}.items():
            changes = ", ".join(f"{column} = date({column}, '-10 days')" for column in columns)
            database.execute(f"update {table} set {changes} where user_name = 'hana'")  # noqa: S608 - names of ours
    page.reload()
    go_home(page)
    line = home.locator(f'.gr-Line[data-kind="review"][data-problem="{PROBLEM}"]')
    expect(line).to_contain_text("likely that you still know")
    line.click()
    panel = page.locator(".gr-Review")
    editor = editor_of(page)
    assert "sum(" not in editor.text
    editor.write(RIGHT)
    editor.saved()
    assert axe(page, ".gr-Review") == []
    editor.press("Submit")
    panel.locator('.gr-Rating [data-rating="good"]').click()
    expect(panel.locator(".gr-Rating")).to_contain_text("It comes again in")
    assert desk.api("reviews")["due"] == 0
    go_home(page)
    expect(line).to_have_count(0)


def test_a_notice_arrives_while_one_looks(lab: Page, desk: Desk) -> None:
    bell = lab.locator(".gr-Bell button")
    before = desk.api("notices")["unread"]
    name = f"Greenroom notices, {before + 1} unread"
    tool(lab, "Account")
    account = lab.locator(".gr-Account")
    assert axe(lab, ".gr-Account") == []
    account.get_by_role("button", name="Delete my data…").click()
    account.get_by_label("Type your user name").fill("hana")
    account.get_by_role("button", name="Delete my data in").click()
    expect(account).to_contain_text("Your data will be deleted on")
    expect(bell).to_have_accessible_name(name)

    bell.click()
    notices = lab.locator(".gr-Notices")
    expect(notices.locator("[data-unread=true]")).to_have_count(before + 1)
    assert axe(lab, ".gr-Notices") == []
    notices.get_by_role("button", name="Mark all as read").click()
    expect(bell).to_have_accessible_name("Greenroom notices")

    account.get_by_role("button", name="Keep my data").click()
    expect(account.get_by_role("button", name="Delete my data…")).to_be_visible()
    assert desk.api("me/leaving")["delete_at"] is None


def test_everything_about_oneself_is_one_click_away(lab: Page, tmp_path: Path) -> None:
    tool(lab, "Account")
    with lab.expect_download() as downloading:
        lab.locator(".gr-Account").get_by_role("button", name="Download my data").click()
    saved = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(saved)
    assert saved.suffix == ".zip"
    with zipfile.ZipFile(saved) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode() for name in names}
    assert any(name.endswith(".py") and RIGHT.strip() in text for name, text in texts.items())
    notes = [text for name, text in texts.items() if name.endswith(".json") and "Lower case first." in text]
    assert notes
    assert json.loads(notes[0])


def test_hidden_difficulty_and_topics_are_shown_nowhere(lab: Page, home: Locator) -> None:
    tool(lab, "Account")
    for name in ("Hide difficulty", "Hide topics"):
        lab.locator(".gr-Account").get_by_label(name).check()
    go_home(lab)
    expect(home.get_by_label("Difficulty")).to_have_count(0)
    expect(home.get_by_label("Topic")).to_have_count(0)
    home.get_by_label("Search problems").fill("")
    assert not any(text.strip() for text in home.locator(".gr-Problem-level, .gr-Problem-topics").all_inner_texts())


def test_progress_tells_mastered_from_solved(lab: Page) -> None:
    tool(lab, "Account")
    lab.locator(".gr-Account").get_by_label("Hide topics").uncheck()
    tool(lab, "Progress")
    progress = lab.locator(".gr-Progress")
    expect(progress).to_contain_text("1 problem solved, 1 mastered")  # it was remembered after ten days
    row = progress.get_by_role("row").filter(has=lab.get_by_role("rowheader", name="loops"))
    assert [cell.inner_text() for cell in row.get_by_role("cell").all()[1:3]] == ["1", "1"]
    expect(progress).to_contain_text("100 % of 1 review")
    assert axe(lab, ".gr-Progress") == []
