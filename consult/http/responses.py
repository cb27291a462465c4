"""Answers that all routes share: errors as JSON, security headers."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consult.model.errors import ConsultError, DicomRefused, Malformed, NotReady, OurFault, Refused

STATUS = {
    "unknown_link": 404,
    "unknown_code": 404,
    "bad_code": 400,
    "too_many_codes": 429,
    "unknown_consult": 404,
    "unknown_still": 404,
    "unknown_study": 404,
    "unknown_series": 404,
    "unknown_upload": 404,
    "unknown_file": 404,
    "unknown_object": 404,
    "unknown_mark": 404,
    "superseded": 409,
    "too_many": 413,
    "too_often": 429,
    "expired": 410,
    "revoked": 410,
    "over": 410,
    "no_token": 401,
    "wrong_token": 401,
    "wrong_password": 401,
    "unknown_user": 404,
    "unknown_sign_in": 404,
    "launch_expired": 410,
    "launch_used": 410,
    "bad_launch": 400,
    "provider_silent": 503,
    "too_large": 413,
    "different_patients": 409,
    "study_in_use": 409,
    "signed_note": 409,
    "critical_open": 409,
    "consult_exists": 409,
    "unknown_version": 404,
    "unknown_case": 404,
    "unknown_picture": 404,
    "not_signed": 404,
    "unknown_form": 404,
    "nothing_there": 404,
    "bad_line": 400,
}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Anything that msgspec encodes, never cached."""
    uncached = {"Cache-Control": "no-store", **(headers or {})}
    return Response(msgspec.json.encode(value), status, uncached, "application/json")


def error_response(code: str, message: str, status: int, **more: Any) -> Response:
    """`{"error": {"code", "message"}}`."""
    headers = {"Retry-After": "1"} if status == 503 else None
    return json_response({"error": {"code": code, "message": message, **more}}, status, headers)


def status_of(error: ConsultError) -> int:
    """HTTP status of an error of ours."""
    if error.code in STATUS:
        return STATUS[error.code]
    match error:
        case NotReady():
            return 503
        case DicomRefused():
            return 422
        case Malformed():
            return 400
        case Refused():
            return 403
        case OurFault():
            return 507 if error.code == "disk_full" else 503
    return 400


async def on_cut_body(_: Request, __: Exception) -> Response:
    """Whoever asked went away before the body was whole: no fault of ours, and nobody reads the answer."""
    return Response(status_code=499)


class SecurityHeaders:
    """Puts the security headers on every HTTP answer; one that brings a header of its own keeps that."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                own = {name.lower() for name, _ in given}
                ours = ((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
                message["headers"] = [*given, *((name, value) for name, value in ours if name not in own)]
            await send(message)

        await self.app(scope, receive, send_with)


T = TypeVar("T")


async def read_json(request: Request, form: type[T], limit: int = 16_384) -> T:
    """The body, as a message of that form. Raises Malformed, Refused("too_large")."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise Refused("too_large", f"The body has more than {limit} bytes.")
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Malformed("malformed", f"The body is not what is expected here: {error}.") from None
    except RecursionError:
        raise Malformed("malformed", "The body is not what is expected here: it is nested without end.") from None
