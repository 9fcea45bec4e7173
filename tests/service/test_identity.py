"""Who is asking: tokens in headers, cookies with their XSRF token, the way through the Hub and back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from running_service import RunningService

PREFIX = "/services/greenroom/"


def browser(service: RunningService) -> httpx.Client:
    return httpx.Client(base_url=service.url, timeout=60)


def log_in(service: RunningService, client: httpx.Client, name: str, following: str = "") -> httpx.Response:
    """What a browser does: to the Hub with a state, and back with a code."""
    away = client.get("/login", params={"next": following} if following else {})
    assert away.status_code == 303
    target = urlsplit(away.headers["location"])
    assert target.path == "/hub/api/oauth2/authorize"
    asked = parse_qs(target.query)
    assert asked["client_id"] == ["service-greenroom"]
    code = f"code-of-{name}"
    service.hub.codes[code] = service.hub.add(name, "student")
    return client.get("/oauth_callback", params={"code": code, "state": asked["state"][0]})


def xsrf_of(client: httpx.Client) -> str:
    found = re.search(r'greenroom-xsrf" content="(\w+)"', client.get("/").text)
    assert found
    return found[1]


def test_a_login_through_the_hub_ends_on_the_page_and_its_cookie_is_out_of_reach_of_scripts(
    service: RunningService, name: str
) -> None:
    with browser(service) as client:
        assert client.get("/").headers["location"] == PREFIX + "login"
        back = log_in(service, client, name)
        assert (back.status_code, back.headers["location"]) == (303, PREFIX)
        cookie = next(one for one in back.headers.get_list("set-cookie") if one.startswith("greenroom-token="))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert f"Path={PREFIX}" in cookie
        page = client.get("/")
        assert name in page.text
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_cookie_counts_only_with_its_own_xsrf_token(service: RunningService, name: str) -> None:
    with browser(service) as client, browser(service) as other:
        log_in(service, client, name)
        log_in(service, other, name + "x")
        for wrong in ({}, {"X-XSRFToken": ""}, {"X-XSRFToken": "0" * 64}, {"X-XSRFToken": xsrf_of(other)}):
            assert client.get("/v1/me", headers=wrong).status_code == 403
        right = client.get("/v1/me", headers={"X-XSRFToken": xsrf_of(client)})
        assert right.json()["name"] == name


def test_a_script_of_another_page_cannot_fetch_the_page_that_holds_the_xsrf_token(
    service: RunningService, name: str
) -> None:
    with browser(service) as client:
        log_in(service, client, name)
        assert client.get("/", headers={"Sec-Fetch-Dest": "empty"}).status_code == 403
        assert client.get("/", headers={"Sec-Fetch-Dest": "iframe"}).status_code == 403


def test_logging_out_needs_the_form_of_the_page_and_forgets_the_cookie(service: RunningService, name: str) -> None:
    with browser(service) as client:
        log_in(service, client, name)
        assert client.post("/logout", data={"xsrf": "forged"}).status_code == 403
        token = xsrf_of(client)
        assert client.post("/logout", data={"xsrf": token}).status_code == 200
        assert client.get("/").status_code == 303


@pytest.mark.parametrize("code", ["", "unknown"])
def test_a_login_that_was_not_begun_here_is_refused(service: RunningService, code: str) -> None:
    with browser(service) as client:
        away = client.get("/login")
        state = parse_qs(urlsplit(away.headers["location"]).query)["state"][0]
        assert client.get("/oauth_callback", params={"code": code, "state": state}).status_code in {400, 403}
        forged = client.get("/oauth_callback", params={"code": "code", "state": "another"})
        assert forged.status_code == 403
        assert "greenroom-token" not in client.cookies


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (PREFIX + "v1/problems?topic=arrays", PREFIX + "v1/problems?topic=arrays"),
        ("https://evil.example/", PREFIX),
        ("//evil.example/services/greenroom/", PREFIX),
        (PREFIX + "../../hub/logout", PREFIX),
        ("/services/greenroom.evil/", PREFIX),
        (PREFIX + "\\evil", PREFIX),
        (PREFIX + "a\nb", PREFIX),
    ],
)
def test_after_a_login_nobody_is_sent_elsewhere(service: RunningService, name: str, asked: str, sent: str) -> None:
    with browser(service) as client:
        assert log_in(service, client, name, asked).headers["location"] == sent


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "token unknown", "Basic dTpw", "token " + "x" * 5000, "Bearer \x01"],
)
def test_what_is_no_login_is_401_and_says_how(service: RunningService, header: str) -> None:
    answer = httpx.get(f"{service.url}/v1/me", headers={"Authorization": header.encode("latin-1")})
    if header.endswith("\x01"):
        assert answer.status_code in {400, 401}  # the server's parser is the first to refuse it
        return
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "Log in at the Hub" in answer.json()["detail"]


def test_a_token_of_another_service_is_nobody(service: RunningService) -> None:
    token = service.hub.add("culler", "admin", kind="service")
    with service.client(token) as client:
        assert client.get("/v1/me").status_code == 403


def test_a_scope_for_one_user_counts_for_that_user_only(service: RunningService, name: str) -> None:
    token = service.hub.add(name, "student")
    service.hub.users[token]["scopes"] = [f"custom:greenroom:submit!user={name}", "custom:greenroom:admin!user=root"]
    with service.client(token) as client:
        assert client.get("/v1/me").json()["role"] == "student"


def test_the_hub_is_asked_once_however_many_requests_wait(service: RunningService, name: str) -> None:
    token = service.hub.add(name, "student")
    before = service.hub.asked
    with service.client(token) as client, ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(lambda _: client.get("/v1/me").status_code, range(24)))
    assert statuses == {200}
    assert service.hub.asked - before == 1


def test_a_hub_in_trouble_is_503_and_nobody_is_logged_out(service: RunningService, name: str) -> None:
    token = service.hub.add(name, "student")
    service.hub.broken = True
    try:
        with service.client(token) as client:
            answer = client.get("/v1/me")
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            service.hub.broken = False
            assert client.get("/v1/me").status_code == 200
    finally:
        service.hub.broken = False
