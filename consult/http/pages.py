"""The pages and the files they are made of."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

PACKAGED = Path(__file__).parent.parent / "web"
CHECKED_OUT = Path(__file__).parent.parent.parent / "web"
WEB = PACKAGED if PACKAGED.is_dir() else CHECKED_OUT
"""web/ in a wheel, else beside the package in a checkout."""


def page(_: Request, name: str, status: int = 200) -> Response:
    """One of web/templates, always asked for anew."""
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(WEB / "templates" / name, status, headers, media_type="text/html; charset=utf-8")


class Assets(StaticFiles):
    """js and css: revalidated at each load, so that a page never mixes two versions."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """As StaticFiles, with Cache-Control."""
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passes on what it was given
        answer.headers["Cache-Control"] = "no-cache"
        return answer


routes = [
    Mount("/static/js", Assets(directory=WEB / "js")),
    Mount("/static/css", Assets(directory=WEB / "css")),
    Mount("/static/img", Assets(directory=WEB / "img", check_dir=False)),
]
