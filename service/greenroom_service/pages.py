"""Pages of the service itself: who you are, logging in through the Hub, logging out."""

from __future__ import annotations

import hmac
from html import escape
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from tornado.web import HTTPError

from greenroom_service.errors import BadRequestError, ForbiddenError, UnavailableError
from greenroom_service.identity import Via
from greenroom_service.service import Parts, Service

router = APIRouter(include_in_schema=False)
_LOGIN_SECONDS = 600
_COOKIE_SECONDS = 14 * 86_400
_MAX_FORM = 1000
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }
a.main { display: inline-block; padding: .5rem 1rem; border: 1px solid; border-radius: .4rem; text-decoration: none; }
form { display: inline; } button { font: inherit; }
@media (prefers-color-scheme: dark) { body { background: #14161a; color: #e8e8e8; } a { color: #9cc4ff; } }
"""


@router.get("/")
async def index(request: Request, parts: Parts) -> Response:
    """Who you are, and the way to your problems."""
    token, via = parts.identity.token_of(request)
    caller = await parts.identity.identify(request)
    if token is None or caller is None:
        return RedirectResponse(f"{parts.settings.prefix}/login", 303)
    # A page of somebody else's server under this origin may fetch this one, but only a person can navigate to it.
    if via is Via.COOKIE and request.headers.get("sec-fetch-dest", "document") != "document":
        raise ForbiddenError("This page is for looking at. Programs use the API under v1 with a token.")
    lab = escape(parts.settings.hub_base_url + "hub/user-redirect/lab")
    body = f"""
<h1>Greenroom</h1>
<p>You are logged in as <strong id="who">{escape(caller.name)}</strong>, {caller.role.name.lower()}.</p>
<p><a class="main" href="{lab}">Open your problems in JupyterLab</a></p>
<form method="post" action="{escape(parts.settings.prefix)}/logout">
<input type="hidden" name="xsrf" value="{parts.identity.xsrf_for(token)}"><button>Log out of this page</button></form>
"""
    return _page(body, xsrf=parts.identity.xsrf_for(token) if via is Via.COOKIE else "")


@router.get("/login")
async def login(
    request: Request, parts: Parts, following: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    """Go to the Hub to log in, and come back."""
    oauth = parts.identity.oauth
    state = oauth.generate_state(next_url=_own_path(parts, following))
    answer = RedirectResponse(f"{oauth.login_url}&state={state}", 303)
    answer.set_cookie(
        oauth.state_cookie_name,
        state,
        path=parts.settings.service_prefix,
        httponly=True,
        samesite="lax",
        secure=_secure(request, parts),
        max_age=_LOGIN_SECONDS,
    )
    return answer


@router.get("/oauth_callback")
async def oauth_callback(
    request: Request,
    parts: Parts,
    code: Annotated[str, Query(max_length=1000)] = "",
    state: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """Where the Hub sends the browser back with a code that is exchanged for a token."""
    oauth = parts.identity.oauth
    expected = request.cookies.get(oauth.state_cookie_name, "")
    if not code or not state or not hmac.compare_digest(state.encode(), expected.encode()):
        raise ForbiddenError("This login was not begun in this browser, or took too long. Open Greenroom again.")
    try:
        token = await oauth.token_for_code(code, sync=False)
    except HTTPError as error:
        # HubOAuth says 500 with this text when the Hub refused the code with a 4xx, and 502 when the Hub failed.
        refused = error.status_code == 500 and str(error.log_message).startswith("Failed to check authorization")
        if error.status_code < 500 or refused:
            raise BadRequestError("The Hub does not know this login. Open Greenroom again.") from None
        raise UnavailableError("The Hub does not answer. Open Greenroom again shortly.") from None
    answer = RedirectResponse(_own_path(parts, oauth.get_next_url(state)), 303)
    answer.set_cookie(
        parts.identity.cookie,
        token,
        path=parts.settings.service_prefix,
        httponly=True,
        samesite="lax",
        secure=_secure(request, parts),
        max_age=_COOKIE_SECONDS,
    )
    answer.delete_cookie(oauth.state_cookie_name, path=parts.settings.service_prefix)
    return answer


@router.post("/logout")
async def logout(request: Request, parts: Parts) -> Response:
    """Forget the cookie of this service. The login at the Hub itself is ended there."""
    token, via = parts.identity.token_of(request)
    if token is not None and via is Via.COOKIE:
        # Read here, since the framework's own forms need a parser for uploads.
        form = parse_qs((await request.body())[:_MAX_FORM].decode("ascii", "replace"))
        given = form.get("xsrf", [""])[0]
        if not hmac.compare_digest(given.encode(), parts.identity.xsrf_for(token).encode()):
            raise ForbiddenError("Log out with the button of the page.")
        parts.identity.forget(token)
    answer = _page("<h1>Greenroom</h1><p>You are logged out of this page.</p>")
    answer.delete_cookie(parts.identity.cookie, path=parts.settings.service_prefix)
    return answer


def _page(body: str, *, xsrf: str = "") -> HTMLResponse:
    meta = f'<meta name="greenroom-xsrf" content="{xsrf}">' if xsrf else ""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{meta}'
        f'<meta name="viewport" content="width=device-width"><title>Greenroom</title><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )
    return HTMLResponse(html, headers=_PAGE_HEADERS)


def _own_path(parts: Service, url: str | None) -> str:
    """The path when it is one of this service, its first page otherwise: nobody is sent elsewhere."""
    home = parts.settings.service_prefix
    if not url or not url.startswith(home) or "\\" in url or not url.isprintable() or not url.isascii():
        return home
    split = urlsplit(url)
    return home if split.scheme or split.netloc or ".." in split.path else url


def _secure(request: Request, parts: Service) -> bool:
    return parts.settings.public_url.startswith("https://") or request.url.scheme == "https"
