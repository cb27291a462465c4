"""A launch link brings its user into a consult of its study: once, and not into another's conversation."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from msgspec.structs import replace

from consult.clock import now
from consult.http.sign_in.launch import chosen
from consult.http.sign_in.launch_link import Launch, launch_path
from consult.library.library import StudyEntry
from consult.model.catalogue import Patient
from consult.model.errors import Refused
from consult.model.identifiers import SeatId, StudyKey
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.commands import RevokeInvitation
from consult.sessions.features.seats.events import Seat
from tests.support.accounts import add_user, own, quick
from tests.unit.http.conftest import Door, door

__all__ = ["door"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = "a secret of the site, long enough"


@pytest_asyncio.fixture(loop_scope="module")
async def launching(door: Door) -> AsyncIterator[Door]:
    """The server with a user, which takes launch links."""
    await add_user(door, "anna", "Dr. Anna Berg")
    with door.using(accounts=quick(door), launch_secret=SECRET):
        yield door


def link(door: Door, at: float | None = None, **values: str) -> str:
    """The query of a link, for anna and the one study unless it is said otherwise."""
    given = {"user": "anna", "StudyInstanceUID": door.study, "nonce": secrets.token_hex(8)} | values
    return launch_path(SECRET, int(now() if at is None else at), **given).partition("?")[2]


async def follow(door: Door, client: httpx.AsyncClient, query: str) -> httpx.Response:
    """As the page of the link does."""
    return await client.post("/api/launch", json={"query": query}, headers=own(door))


async def sits_in(door: Door, seat: str) -> tuple[ConsultRunner, Seat]:
    """The consult of a seat, by its address."""
    registry = door.services.registry
    for consult in await registry.consults():
        runner = await registry.find(consult)
        if (found := runner.core.state.seats.get(SeatId(seat.split("/")[2]))) is not None:
            return runner, found
    raise AssertionError(seat)


def error(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


async def test_it_signs_in_opens_a_consult_and_leads_to_a_seat_under_ones_own_name(launching: Door) -> None:
    async with launching.client() as client:
        assert (await client.get(f"/launch?{link(launching)}")).status_code == 200
        answer = await follow(launching, client, link(launching))
        assert answer.status_code == 200, answer.text
        assert (await client.get(answer.json()["seat"])).status_code == 200
        assert answer.json()["user"] == (await client.get("/api/session")).json()["user"]
        assert (await client.get("/api/session")).json()["user"]["full_name"] == "Dr. Anna Berg"
        (newest, *_) = reversed((await client.get("/api/consults")).json()["consults"])
        assert newest["host_name"] == "Dr. Anna Berg"
        assert [(seat["name"], seat["role"]) for seat in newest["seats"]] == [("Dr. Anna Berg", "host")]


async def test_the_study_launched_again_is_the_same_consult_and_seat_until_it_ends(launching: Door) -> None:
    async with launching.client() as client, launching.client() as elsewhere:
        first = (await follow(launching, client, link(launching))).json()["seat"]
        assert (await follow(launching, elsewhere, link(launching))).json()["seat"] == first
        runner, _ = await sits_in(launching, first)
        await client.delete(f"/api/consults/{runner.id}", headers=own(launching))
        assert (await follow(launching, client, link(launching))).json()["seat"] != first


async def test_a_colleagues_consult_of_the_study_is_not_entered(launching: Door) -> None:
    await add_user(launching, "bob", "Dr. Bob")
    async with launching.client() as annas, launching.client() as bobs:
        await follow(launching, annas, link(launching))
        await follow(launching, bobs, link(launching, user="bob"))
        hosts = [consult["host_name"] for consult in (await bobs.get("/api/consults")).json()["consults"][-2:]]
        assert sorted(hosts) == ["Dr. Anna Berg", "Dr. Bob"]


async def test_each_is_used_once_also_beside_each_other_and_looking_at_it_uses_nothing(launching: Door) -> None:
    query = link(launching)
    async with launching.client() as client, launching.client() as thief:
        for _ in range(3):
            await thief.get(f"/launch?{query}")
        assert (await follow(launching, client, query)).status_code == 200
        for again in (query, query.replace("&signature=t=", "&signature=t%3D")):
            assert error(await follow(launching, thief, again)) == (410, "launch_used")
        assert "set-cookie" not in (await follow(launching, thief, query)).headers


@pytest.mark.parametrize(
    ("values", "age_s", "refusal"),
    [
        ({}, 301, (410, "launch_expired")),
        ({"user": "nobody"}, 0, (404, "unknown_user")),
        ({"StudyInstanceUID": "1.2.3"}, 0, (404, "unknown_study")),
        ({"StudyInstanceUID": "", "AccessionNumber": "none such"}, 0, (404, "unknown_study")),
        ({"PatientID": "another"}, 0, (403, "other_patient")),
    ],
)
async def test_what_is_late_or_unknown_is_a_sentence_and_signs_nobody_in(
    launching: Door, values: dict[str, str], age_s: float, refusal: tuple[int, str]
) -> None:
    async with launching.client() as client:
        query = link(launching, now() - age_s, **values)
        assert error(await follow(launching, client, query)) == refusal
        assert error(await follow(launching, client, query)) == refusal, "it is not used up by that"
        assert (await client.get("/api/session")).status_code == 401


async def test_another_page_and_another_secret_open_nothing(launching: Door) -> None:
    async with launching.client() as client:
        answer = await client.post("/api/launch", json={"query": link(launching)})
        assert error(answer) == (403, "cross_origin")
        with launching.using(launch_secret="of another site, also long enough"):
            assert error(await follow(launching, client, link(launching))) == (403, "wrong_launch")
        with launching.using(launch_secret=""):
            assert error(await follow(launching, client, link(launching))) == (403, "wrong_launch")


async def test_a_seat_that_was_closed_with_its_link_is_followed_by_another(launching: Door) -> None:
    async with launching.client() as client:
        first = (await follow(launching, client, link(launching))).json()["seat"]
        runner, seat = await sits_in(launching, first)
        await runner.command(RevokeInvitation(invitation=seat.invitation))
        second = (await follow(launching, client, link(launching))).json()["seat"]
        assert second != first
        assert (await client.get(second)).status_code == 200


def entry(uid: str, accession: str, patient: Patient) -> StudyEntry:
    return StudyEntry(uid, StudyKey(uid), patient, "", "", "", ("CT",), 1, 1, accession_number=accession)


def wanted(**values: Any) -> Launch:
    return dataclasses.replace(Launch("anna", "", "", "", "x", 0.0), **values)


async def test_an_accession_number_is_of_one_patient() -> None:
    anna = Patient(name="BERG^ANNA", id="1")
    other = replace(anna, id="2")
    entries = [entry("1.1", "A", anna), entry("1.2", "A", anna), entry("1.3", "B", other), entry("1.4", "", other)]
    assert [found.uid for found in chosen(entries, wanted(accession_number="A"))] == ["1.1", "1.2"]
    assert [found.uid for found in chosen(entries, wanted(study_uid="1.3", patient_id="2"))] == ["1.3"]
    with pytest.raises(Refused, match="Studies of several patients"):
        chosen([*entries, entry("1.5", "A", other)], wanted(accession_number="A"))
    with pytest.raises(Refused, match="Studies of several patients"):
        chosen([*entries, entry("1.5", "A", replace(anna, issuer="Clinic North"))], wanted(accession_number="A"))
