"""The web channel: API, website chat and staff page in one FastAPI application."""

from bot.channels.web.app import create_app
from bot.channels.web.serving import WebServer

__all__ = ["WebServer", "create_app"]
