"""The files under ``/static``."""

from __future__ import annotations

import os
from os import PathLike

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# Their names stay the same from version to version: a browser keeps them, but asks each time by their ETag.
CACHE_CONTROL = "no-cache"


class Assets(StaticFiles):
    """Static files that a browser may keep."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response
