"""What goes wrong around a student who types: no character is lost, the message is clear, and work goes on."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest
from browser import PATIENCE_MS, Desk, Editor, editor_of, restart_service
from classroom import wait_for
from playwright.sync_api import expect

if TYPE_CHECKING:
    from classroom import Classroom
    from playwright.sync_api import Page

pytest_plugins = ["browser_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.hub, pytest.mark.timeout(600)]

RUNNING_TOTAL = (
    "def running_total(numbers):\n    total = 0\n    return [total := total + number for number in numbers]\n"
)
#: Calls of the panels.
API = re.compile(r"/greenroom/api/v1/")


def kept(editor: Editor) -> None:
    """The page says that the text is in the browser only."""
    expect(editor.saving).to_have_attribute("data-save", "away")
    expect(editor.saving).to_contain_text("Kept in this browser, not yet saved.")


def kill_service(room: Classroom) -> None:
    service = wait_for(lambda: room.child("-m greenroom_service"), "the service")
    service.kill()
    service.wait(30)


def kernels(room: Classroom) -> set[psutil.Process]:
    found = set()
    for process in room.members():
        with contextlib.suppress(psutil.Error):
            if "ipykernel_launcher" in process.cmdline():
                found.add(process)
    return found


def test_a_pause_a_blur_and_a_reload_keep_what_was_typed(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "fizz-rules")
    page = editor.page
    editor.write("# typed\n")
    wait_for(lambda: desk.draft("fizz-rules") == "# typed\n", "the draft after a pause", patience=30)
    editor.type("x = 1")
    editor.show("Hints")  # the code loses the keyboard
    wait_for(lambda: desk.draft("fizz-rules") == "# typed\nx = 1", "the draft after a blur", patience=30)

    editor.type("\ny = 2")
    page.reload(wait_until="commit")
    editor = editor_of(page)
    assert editor.text == "# typed\nx = 1\ny = 2"
    editor.saved()
    assert desk.draft("fizz-rules") == editor.text


def test_a_killed_kernel_takes_neither_text_nor_keyboard(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "fizz-rules")
    page = editor.page
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]:visible').wait_for()
    editor.write("# before\n")
    typed = "# before\n"
    killed = kernels(desk.room)
    for process in killed:
        process.kill()
    rest = 20  # lines typed once a new kernel runs; JupyterLab's dialog comes about then
    while rest:
        page.keyboard.type("# on\n", delay=20)
        typed += "# on\n"
        rest -= bool(kernels(desk.room) - killed)
    assert editor.text == typed
    editor.saved()
    assert desk.draft("fizz-rules") == typed
    editor.press("Run")
    expect(editor.root.locator("[data-run]")).to_be_visible()


def test_a_killed_service_is_waited_for(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "running-total")
    editor.write("# first\n")
    editor.saved()
    kill_service(desk.room)
    editor.type("# typed while the service was away\n")
    kept(editor)
    lab.reload(wait_until="commit")  # the editor opens with what the browser has
    editor = editor_of(lab)
    editor.type("# and after a reload\n")
    assert editor.text == "# first\n# typed while the service was away\n# and after a reload\n"
    restart_service(desk.room)
    editor.saved()
    assert desk.draft("running-total") == editor.text

    before = len(desk.api("submissions?problem_id=running-total")["items"])
    editor.write(RUNNING_TOTAL)
    editor.saved()
    editor.press("Submit")
    kill_service(desk.room)
    restart_service(desk.room)
    editor.verdict("AC")
    assert len(desk.api("submissions?problem_id=running-total")["items"]) == before + 1


def test_a_cut_network_keeps_typing_and_sends_one_submission(desk: Desk) -> None:
    editor = desk.problem("running-total")
    page = editor.page
    editor.write("# before\n")
    editor.saved()
    before = len(desk.api("submissions?problem_id=running-total")["items"])
    desk.context.set_offline(True)
    editor.write(RUNNING_TOTAL)
    kept(editor)
    editor.press("Submit")
    notice = editor.root.locator(".gr-Notice")
    expect(notice).to_contain_text("Your submission is kept and will be sent, once, when the service is back.")
    expect(editor.root.get_by_role("button", name="Submit", exact=True)).to_be_disabled()
    desk.context.set_offline(False)
    editor.verdict("AC")
    editor.saved()
    assert desk.draft("running-total") == RUNNING_TOTAL
    assert len(desk.api("submissions?problem_id=running-total")["items"]) == before + 1

    # And when the page is left while it waits, the next one sends it.
    desk.context.set_offline(True)
    editor.press("Submit")
    expect(notice).to_contain_text("Your submission is kept")
    page.close()
    desk.context.set_offline(False)
    page = desk.lab("problems/running-total.ipynb")
    editor_of(page).verdict("AC")
    page.close()
    assert len(desk.api("submissions?problem_id=running-total")["items"]) == before + 2


def test_typing_through_a_lost_connection_is_all_kept(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "fizz-rules")
    editor.write("# a\n")
    editor.saved()
    desk.context.set_offline(True)
    typed = "# a\n"
    notice = lab.locator(".gr-Connection", has_text="The connection to your server is lost")
    while not notice.is_visible():
        lab.keyboard.type("# on\n", delay=50)
        typed += "# on\n"
    kept(editor)
    assert lab.locator(".jp-Dialog").count() == 0
    lab.keyboard.type("# end\n")
    assert editor.text == f"{typed}# end\n"
    desk.context.set_offline(False)
    editor.saved()
    expect(notice).to_have_count(0)
    assert desk.draft("fizz-rules") == editor.text == f"{typed}# end\n"


def test_two_tabs_follow_each_other_and_show_a_conflict(desk: Desk) -> None:
    one, two = desk.problem("second-largest"), desk.problem("second-largest")
    one.write("# from the first tab\n")
    one.saved()
    expect(two.content).to_contain_text("# from the first tab")

    desk.context.set_offline(True)
    one.type("# mine\n")
    two.type("# yours\n")
    kept(one)
    kept(two)
    desk.context.set_offline(False)
    asked = wait_for(
        lambda: next((editor for editor in (one, two) if editor.root.locator(".gr-Conflict").count()), None),
        "a conflict",
        patience=PATIENCE_MS / 1000,
    )
    panel = asked.root.locator(".gr-Conflict")
    expect(panel).to_contain_text("This draft was also changed elsewhere.")
    expect(panel).to_contain_text("# mine")
    expect(panel).to_contain_text("# yours")
    own = asked.text
    asked.press("Go on with this editor’s text")  # noqa: RUF001 - the label's apostrophe
    asked.saved()
    assert desk.draft("second-largest") == own
    versions = desk.api("drafts/second-largest/versions")["items"]
    texts = {desk.api(f"drafts/second-largest/versions/{one['version']}")["code"] for one in versions}
    assert texts >= {"# from the first tab\n# mine\n", "# from the first tab\n# yours\n"}


def test_another_browser_is_told_of_the_conflict(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "digit-sum")
    editor.write("# here\n")
    editor.saved()
    version = desk.api("drafts/digit-sum")["version"]
    body = {"code": "# elsewhere\n", "base_version": version, "client_id": "another-browser"}
    url = f"{desk.room.url}/services/greenroom/v1/drafts/digit-sum"
    httpx.put(url, json=body, headers=desk._headers(), timeout=60).raise_for_status()
    editor.type("# and on\n")
    panel = editor.root.locator(".gr-Conflict")
    expect(panel).to_contain_text("# elsewhere")
    editor.press("Take the stored text")
    expect(panel).to_have_count(0)
    assert editor.text == "# elsewhere\n"
    editor.show("History")
    expect(editor.root.get_by_role("region", name="Saved drafts")).to_be_visible()


def test_an_expired_session_keeps_the_text_until_somebody_signs_in(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "leap-years")
    editor.write("# signed in\n")
    editor.saved()
    # The student's server asks the Hub about a session only every five minutes, so its answer comes from here.
    ended = {"detail": "Your session here has ended. Reload the page and sign in again."}
    lab.route(API, lambda route: route.fulfill(status=403, json=ended))
    editor.type("# signed out\n")
    kept(editor)
    expect(editor.saving).to_contain_text("sign in again")
    lab.unroute(API)
    editor.saved()
    assert desk.draft("leap-years") == editor.text == "# signed in\n# signed out\n"


def test_a_renamed_or_deleted_notebook_takes_no_draft_with_it(desk: Desk, lab: Page) -> None:
    contents = f"{desk.base}/api/contents/problems"
    editor = desk.go_on_with(lab, "count-vowels")
    editor.write("# before the rename\n")
    renamed = httpx.patch(
        f"{contents}/count-vowels.ipynb",
        json={"path": "problems/mine.ipynb"},
        headers=desk._headers(),
        timeout=60,
    )
    renamed.raise_for_status()
    editor.type("# after the rename\n")
    editor.saved()

    httpx.delete(f"{contents}/mine.ipynb", headers=desk._headers(), timeout=60).raise_for_status()
    panel = desk.go_on_with(lab, "count-vowels")
    expect(lab.locator(".gr-Practice-statement h1")).to_be_visible()
    assert panel.text == "# before the rename\n# after the rename\n"


def test_cells_that_are_taken_away_leave_the_draft(desk: Desk, lab: Page) -> None:
    editor = desk.go_on_with(lab, "reverse-words")
    editor.write("# in a cell\n")
    editor.saved()
    path = f"{desk.base}/api/contents/problems/reverse-words.ipynb"
    notebook = httpx.get(path, headers=desk._headers(), timeout=60).json()
    notebook["content"]["cells"] = notebook["content"]["cells"][2:]
    body = {"type": "notebook", "format": "json", "content": notebook["content"]}
    httpx.put(path, json=body, headers=desk._headers(), timeout=60).raise_for_status()
    page = desk.lab("problems/reverse-words.ipynb")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    assert page.locator(".gr-Editor").count() == 0
    page.get_by_role("button", name="Open the editor").click()
    assert editor_of(page).text == "# in a cell\n"
    page.close()


def test_a_very_long_draft_is_kept_whole(desk: Desk, lab: Page) -> None:
    line = "x = 'abcdefghijklmnopqrstuvwxyz'\n"
    text = (line * (100_000 // len(line) + 1))[:100_000]
    editor = desk.go_on_with(lab, "word-frequencies")
    editor.paste(text)
    editor.saved()
    assert desk.draft("word-frequencies") == text
    editor.type("#")
    editor.page.reload(wait_until="commit")
    editor = editor_of(editor.page)
    assert editor.text == text + "#"
    editor.saved()
    assert desk.draft("word-frequencies") == text + "#"


def test_pasted_binary_neither_breaks_the_page_nor_the_draft(desk: Desk, lab: Page) -> None:
    binary = "".join(map(chr, range(256))) + "\ud800 \u202e \ufeff \U0001f600 end"
    editor = desk.go_on_with(lab, "digit-sum")
    editor.paste(binary)
    editor.saved()
    stored = desk.draft("digit-sum")
    assert stored.endswith("\U0001f600 end")
    assert "\0" not in stored
    editor.press("Submit")
    editor.verdict("CE")
    editor.write("def digit_sum(number):\n    return sum(map(int, str(abs(number))))\n")
    editor.press("Submit")
    editor.root.locator('.gr-Verdict:not([data-verdict="CE"])').wait_for()
