"""The page of a launch link, which posts it: so that nothing which merely looks at a link uses it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.http.api.host_seat import seat_of
from consult.http.pages.static import page
from consult.http.responses import read_json
from consult.http.seat.joining import seat_response
from consult.http.security.host import Host, begin_session, check_origin
from consult.http.services import services
from consult.http.sign_in.launch_link import PATH, Launch, read_launch
from consult.http.sign_in.session import user_json
from consult.library.library import StudyEntry
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.runtime.registry import Registry
from consult.store.accounts import User


class LaunchRequest(Struct, forbid_unknown_fields=True):
    """POST /api/launch. `query`: of the link, as it stands in the address."""

    query: Annotated[str, Meta(max_length=4000)]


async def launch_page(request: Request) -> Response:
    """GET /launch: the page; nothing is used up by it."""
    return page(request, "launch.html")


async def launch(request: Request) -> Response:
    """POST /api/launch {"query"}: {"seat": its address, "user"}, and the cookies of the session and of the seat.

    Raises:
        Refused: those of `read_launch`; "unknown_user", "unknown_study", "other_patient", "launch_used",
            "cross_origin".
        DifferentPatients: the study holds files of two patients.
    """
    check_origin(request)
    body = await read_json(request, LaunchRequest)
    found, registry = services(request), services(request).registry
    link = read_launch(body.query, found.launch_secret, now())
    user = await found.accounts.store.user(link.user)
    if user is None:
        raise Refused("unknown_user", f"There is no user {link.user!r} here. Whoever runs this server can add one.")
    studies = chosen(await registry.library.studies(), link)
    if not await found.accounts.store.use_launch(link.signature, link.until, now()):
        raise Refused(
            "launch_used", "This launch link was used already: each opens once. Open the study there once more."
        )
    consult = await consult_of(registry, user, studies)
    runner = await registry.find(consult, insist=True)
    seat = await seat_of(request, runner, Host(user))
    response = seat_response(request, consult, seat, found.keys.seat_secret(consult, seat), user=user_json(user))
    await begin_session(request, response, user.name, "launch")
    registry.audit.note("seat", consult=consult, who=seat, role="host", user=user.name)
    return response


def chosen(entries: Sequence[StudyEntry], link: Launch) -> list[StudyEntry]:
    """The studies that a link names: one, or those of one AccessionNumber, of one patient.

    Raises:
        Refused: "unknown_study"; "other_patient": they are not of the PatientID that it says, or of several patients.
    """
    word, value = "StudyInstanceUID", link.study_uid
    found = [entry for entry in entries if entry.uid == link.study_uid]
    if link.accession_number:
        word, value = "AccessionNumber", link.accession_number
        found = [entry for entry in entries if entry.accession_number == link.accession_number]
    if not found:
        raise Refused(
            "unknown_study", f"No study of the {word} {value!r} is on this server. It must be sent here first."
        )
    if link.patient_id and any(entry.patient.id != link.patient_id for entry in found):
        raise Refused(
            "other_patient", f"The study of the {word} {value!r} is not of the PatientID that the launch link names."
        )
    if len({(entry.patient.id, entry.patient.issuer) for entry in found}) > 1:
        raise Refused(
            "other_patient",
            f"Studies of several patients have the {word} {value!r} here. The link must name a StudyInstanceUID.",
        )
    return found


async def consult_of(registry: Registry, user: User, studies: Sequence[StudyEntry]) -> ConsultId:
    """The newest open consult that this user hosts and whose case on the stage is of these studies; else a new one.

    Not one that a colleague hosts: nobody is to stand in the middle of a conversation without having meant to.
    """
    wanted = {entry.key for entry in studies}
    for consult in reversed(await registry.consults()):
        state, _ = await registry.read(consult)
        if state.ended or state.consult.host_name != user.full_name:
            continue
        case = state.find_case(state.current)
        if case is not None and wanted <= {study.key for study in case.studies}:
            return consult
    return await registry.open([entry.uid for entry in studies], title="", host_name=user.full_name)


routes = [Route(PATH, launch_page, methods=["GET"]), Route("/api/launch", launch, methods=["POST"])]
