"""Headers of every response, and what other sites may use."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from web_client import ORIGIN, app_of, web_client, web_settings

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def paths(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Method and path of every route, with something in place of what varies."""
    for route in iter_route_contexts(routes):
        if isinstance(route.original_route, Mount):
            yield "GET", f"{route.path}/docs.css"
        else:
            path = re.sub(r"\{[^}]*\}", "x", route.path or "")
            yield from ((method, path) for method in getattr(route.original_route, "methods", ()))


def policy(value: str) -> dict[str, list[str]]:
    parts = (part.split() for part in value.split(";"))
    return {name: sources for name, *sources in parts}


async def test_every_route_has_them(assistant, data_dir):
    settings = web_settings(data_dir, allowed_origins=ORIGIN, public_url="https://malvakt.example")
    async with web_client(assistant, settings) as client:
        found = sorted(set(paths(app_of(client).router.routes)))
        more = [("GET", "/nowhere"), ("POST", "/"), ("BREW", "/api/v1/ask"), ("GET", "/static/nothing")]
        looked_at = 0
        for method, path in [*found, *more]:
            response = await client.request(method, path, headers={"Origin": ORIGIN})
            headers = response.headers
            for name, value in ALWAYS.items():
                assert headers[name] == value, (method, path)
            assert headers["strict-transport-security"].startswith("max-age=")
            assert "camera=()" in headers["permissions-policy"]
            assert "cache-control" in headers
            assert "set-cookie" not in headers or path.startswith("/staff"), (method, path)
            assert "server" not in headers
            directives = policy(headers["content-security-policy"])
            assert directives["default-src"] == ["'none'"]
            assert directives["base-uri"] == ["'none'"]
            said = headers["content-security-policy"]
            assert not re.search(r"unsafe|\*|http:|nonce", said), (method, path)
            embedded = path == "/embed"
            assert directives["frame-ancestors"] == (["'self'", ORIGIN] if embedded else ["'none'"])
            assert ("x-frame-options" not in headers) == embedded
            shared = path in ("/embed", "/widget.js")
            assert headers["cross-origin-resource-policy"] == ("cross-origin" if shared else "same-origin")
            looked_at += 1
        names = {path for _, path in found}
        assert {"/api/v1/ask", "/healthz", "/docs", "/openapi.json", "/static/docs.css"} <= names
        assert any(name.startswith("/staff") for name in names)
        assert looked_at > 12


async def test_head_is_get_without_a_body(assistant, data_dir):
    async with web_client(assistant, web_settings(data_dir)) as client:
        found = sorted({path for method, path in paths(app_of(client).router.routes) if method == "GET"})
        for path in found:
            get, head = await client.get(path), await client.head(path)
            assert head.status_code == get.status_code, path
            assert head.content == b""
            assert head.headers.keys() == get.headers.keys(), path
            for name in ("content-type", "content-length", "location", "cache-control", "etag"):
                assert head.headers.get(name) == get.headers.get(name), (path, name)
        assert {"/api/v1/municipalities", "/staff", "/staff/sign-in", "/healthz"} <= set(found)
        sign_in = await client.head("/staff/sign-in", follow_redirects=True)
        assert (sign_in.status_code, sign_in.history) == (200, [])
        assert (await client.head("/api/v1/ask")).status_code == 405
        assert (await client.delete("/api/v1/goals")).headers["allow"] == "GET, HEAD"
        assert (await client.delete("/api/v1/ask")).headers["allow"] == "POST"


async def test_static_files_are_kept_and_asked_for_by_their_tag(assistant, data_dir):
    async with web_client(assistant, web_settings(data_dir)) as client:
        for path in ("/static/pages.css", "/static/staff/staff.js"):
            first = await client.get(path)
            assert first.headers["cache-control"] == "no-cache"
            again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["cache-control"] == "no-cache"
        assert (await client.get("/static/nothing.css")).headers["cache-control"] == "no-store"


async def test_hsts_only_where_the_service_is_reached_by_https(assistant, data_dir):
    async with web_client(assistant, web_settings(data_dir)) as client:
        assert "strict-transport-security" not in (await client.get("/healthz")).headers


FOREIGN = [
    "https://www.kommun.example.evil.test",
    "https://evil.test",
    "http://www.kommun.example",
    "https://kommun.example",
    "https://www.kommun.example:8443",
    "https://www.kommun.example/",
    "HTTPS://WWW.KOMMUN.EXAMPLE",
    "null",
    "",
]
REQUESTS = [
    ("GET", "/api/v1/municipalities", {}),
    ("GET", "/api/v1/sections/varnamo/nothing", {}),
    ("GET", "/api/v1/nowhere", {}),
    ("POST", "/api/v1/ask", {}),
    ("DELETE", "/api/v1/ask", {}),
    ("GET", "/widget.js", {}),
    ("OPTIONS", "/api/v1/ask", {"Access-Control-Request-Method": "POST"}),
    ("OPTIONS", "/api/v1/ask", {}),
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_origin_gets_no_cors_header(assistant, data_dir, origin):
    async with web_client(assistant, web_settings(data_dir, allowed_origins=ORIGIN)) as client:
        for method, path, headers in REQUESTS:
            response = await client.request(method, path, headers={**headers, "Origin": origin})
            assert not [name for name in response.headers if name.startswith("access-control")], path
            assert "origin" in response.headers["vary"].casefold()


async def test_an_allowed_origin_may_use_the_api_and_the_widget_and_nothing_else(assistant, data_dir):
    settings = web_settings(data_dir, allowed_origins=f"{ORIGIN} https://other.example")
    async with web_client(assistant, settings) as client:
        for method, path, headers in REQUESTS:
            response = await client.request(method, path, headers={**headers, "Origin": ORIGIN})
            assert response.headers["access-control-allow-origin"] == ORIGIN, (method, path)
            assert "access-control-allow-credentials" not in response.headers
            assert "origin" in response.headers["vary"].casefold()
        asking = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        preflight = await client.options("/api/v1/ask", headers=asking)
        assert preflight.status_code == 200
        assert "content-type" in preflight.headers["access-control-allow-headers"].casefold()
        assert "POST" in preflight.headers["access-control-allow-methods"]
        for path in ("/healthz", "/docs", "/staff", "/staff/sign-in", "/openapi.json", "/embed"):
            response = await client.get(path, headers={"Origin": ORIGIN})
            assert "access-control-allow-origin" not in response.headers, path


async def test_without_allowed_origins_there_is_no_cors(assistant, data_dir):
    async with web_client(assistant, web_settings(data_dir)) as client:
        response = await client.get("/api/v1/municipalities", headers={"Origin": ORIGIN})
        assert "access-control-allow-origin" not in response.headers
        embed = await client.get("/embed")
        assert "frame-ancestors 'self';" in embed.headers["content-security-policy"] + ";"


async def test_a_refusal_by_the_limit_reaches_an_allowed_origin(assistant, data_dir):
    settings = web_settings(data_dir, rate_limit=1, allowed_origins=ORIGIN)
    async with web_client(assistant, settings) as client:
        for _ in range(2):
            response = await client.post("/api/v1/ask", json={"question": "hej"}, headers={"Origin": ORIGIN})
        assert response.status_code == 429
        assert response.headers["access-control-allow-origin"] == ORIGIN
        assert "Retry-After" in response.headers["access-control-expose-headers"]
