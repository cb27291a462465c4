"""The links of a consult: their state, who came by them, and the QR code that holds the very link."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest
import zxingcpp

from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


def read_qr(svg: str) -> str:
    """The text of a QR code, by a reader that is not ours: its path drawn row by row as segno writes it."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))  # type: ignore[union-attr]  # fails the test where absent
    modules = np.full((size, size), 255, np.uint8)
    drawn = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg)
    assert drawn, svg[:300]
    x, y = 0.0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", drawn.group(1)):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if kind == "h":
            modules[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if kind == "M" else (x + values[0], y + values[1])
    picture = cv2.resize(modules, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    framed = np.pad(picture, 32, constant_values=255)
    (found,) = zxingcpp.read_barcodes(framed)
    return str(found.text)


async def test_links_have_their_state_and_who_came(door: Door, join: Join) -> None:
    consult, links = await door.open()
    path = f"/api/consults/{consult}/invitations"
    async with door.client(door.services.keys.host_token()) as client, door.client() as guest:
        made = (await client.post(path, json={"role": "viewer", "label": "Ward 4", "expires_in_s": 3600})).json()
        assert (made["state"], made["label"], made["role"], made["seats"]) == ("active", "Ward 4", "viewer", [])
        await join(guest, links["participant"], "Referring physician")
        listed = (await client.get(path)).json()
        assert listed["closed"] == []
        by_role = {link["role"]: link for link in listed["invitations"]}
        assert by_role["participant"]["seats"] == [{"name": "Referring physician", "online": False}]
        assert by_role["viewer"]["expires_at"] > 0
        await client.post(path, json={"role": "viewer", "expires_in_s": 1e-3})
        listed = (await client.request("DELETE", path, json={"invitation": made["invitation"]})).json()
        assert {link["state"] for link in listed["closed"]} == {"revoked", "expired"}
        assert all("url" not in link for link in listed["closed"]), "what opens no door is not shown"
        await client.delete(f"/api/consults/{consult}")
        listed = (await client.get(path)).json()
        assert (listed["invitations"], {link["state"] for link in listed["closed"]}) == ([], {"over"})


async def test_the_qr_code_is_the_link(door: Door) -> None:
    consult, links = await door.open()
    path = f"/api/consults/{consult}/invitations/{links['participant'].invitation}/qr.svg"
    async with door.client(door.services.keys.host_token()) as client:
        answer = await client.get(path)
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/svg+xml", "no-store")
        assert read_qr(answer.text) == door.address + links["participant"].path
        await client.request(
            "DELETE", f"/api/consults/{consult}/invitations", json={"invitation": links["participant"].invitation}
        )
        assert (await client.get(path)).json()["error"]["code"] == "unknown_link"
    async with door.client() as stranger:
        assert (await stranger.get(path)).status_code == 401


async def test_links_begin_with_the_public_address(door: Door) -> None:
    consult, _ = await door.open()
    with door.using(public_url="https://consult.example"):
        async with door.client(door.services.keys.host_token()) as client:
            listed = (await client.get(f"/api/consults/{consult}/invitations")).json()["invitations"]
    assert all(link["url"].startswith(f"https://consult.example/join/{consult}/") for link in listed)


async def test_a_host_in_the_consult_invites_and_nobody_else_there(door: Door, join: Join) -> None:
    consult, links = await door.open()
    other, _ = await door.open()
    origin = {"Origin": door.address}
    async with door.client() as host, door.client() as guest, door.client() as stranger:
        seat = await join(host, links["host"], "")
        theirs = await join(guest, links["participant"], "Referring physician")
        path = f"{seat}invitations"
        refused = await host.post(path, json={"role": "viewer"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "cross_origin")
        made = (await host.post(path, json={"role": "viewer", "label": "Ward 4"}, headers=origin)).json()
        listed = (await host.get(path)).json()["invitations"]
        assert {link["role"] for link in listed} == {"host", "participant", "viewer"}
        assert f"/join/{consult}/" in made["url"]
        assert other not in str(listed)
        assert read_qr((await host.get(f"{path}/{made['invitation']}/qr.svg")).text) == made["url"]
        revoking = {"invitation": made["invitation"]}
        closed = (await host.request("DELETE", path, json=revoking, headers=origin)).json()["closed"]
        assert [(link["label"], link["state"]) for link in closed] == [("Ward 4", "revoked")]
        wishes = (("GET", None), ("POST", {"role": "host"}), ("DELETE", {"invitation": links["host"].invitation}))
        for method, body in wishes:
            for client, at, code in (
                (guest, theirs, "not_host"),
                (guest, seat, "no_seat"),
                (stranger, seat, "no_seat"),
            ):
                answer = await client.request(method, f"{at}invitations", json=body, headers=origin)
                assert (answer.status_code, answer.json()["error"]["code"]) == (403, code), (method, code)
        assert (await guest.get(f"{theirs}invitations/{links['host'].invitation}/qr.svg")).status_code == 403
        assert len((await host.get(path)).json()["invitations"]) == 2
