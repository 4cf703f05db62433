"""The web service as an application: API, pages, staff page, and what all of them share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.assistant import Assistant
from bot.channels.web.api import api_router
from bot.channels.web.asking import AsyncAssistant
from bot.channels.web.assets import Assets
from bot.channels.web.bodies import BodyLimit
from bot.channels.web.docs import docs_router
from bot.channels.web.head_requests import HeadRequests
from bot.channels.web.headers import AllowedOrigins, SecurityHeaders
from bot.channels.web.limits import RateLimits
from bot.channels.web.openapi import describe
from bot.channels.web.pages import pages_router
from bot.channels.web.probes import Watch, probes_router
from bot.channels.web.problems import Faults, add_problem_handlers
from bot.channels.web.staff.routes import staff_router
from bot.channels.web.templating import STATIC, load_templates
from bot.channels.web.tokens import ConversationTokens
from bot.channels.web.turns import Turns
from bot.database import Database
from bot.settings import Settings


def create_app(
    assistant: Assistant, settings: Settings, database: Database, *, routes: Sequence[BaseRoute] = ()
) -> FastAPI:
    """The application over one assistant; the caller opens and closes the database.

    Args:
        routes: of another channel that shares the port, as a Telegram webhook does.
    """
    visitors = AsyncAssistant(assistant)
    # Threads of their own: a run on the website must not keep a caller on the line waiting.
    staff = AsyncAssistant(assistant)
    key = settings.reveal_secret_key()
    load_templates()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        visitors.close()
        staff.close()

    app = FastAPI(
        title="Målvakt",
        version=version("malvakt"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=_middleware(settings, routes),
    )
    app.state.limits = RateLimits(settings)
    app.state.turns = Turns(visitors, ConversationTokens(key))
    app.state.watch = Watch(assistant, database)
    app.router.routes.extend(routes)
    app.include_router(api_router(visitors, app.state.turns, settings))
    app.include_router(probes_router())
    app.include_router(docs_router(settings))
    app.include_router(pages_router(visitors, settings))
    app.include_router(staff_router(staff, settings, database, key))
    app.mount("/static", Assets(directory=STATIC), name="static")
    add_problem_handlers(app, settings)
    describe(app, assistant)
    return app


def _middleware(settings: Settings, routes: Sequence[BaseRoute]) -> list[Middleware]:
    """What every request passes, the outermost first."""
    proxies = [str(network) for network in settings.trusted_proxies]
    larger = [route.path for route in routes if isinstance(route, Route)]
    return [
        Middleware(HeadRequests),
        Middleware(SecurityHeaders, settings=settings),
        Middleware(AllowedOrigins, settings=settings),
        *([Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)] if proxies else []),
        Middleware(Faults, settings=settings),
        Middleware(BodyLimit, settings=settings, larger=larger),
    ]
