"""Whether UDP comes through: a right check is answered, nothing of it is kept, a stranger's gets nothing."""

from __future__ import annotations

import asyncio

import pytest
from aioice import Candidate, stun
from aioice.ice import Connection

from consult.media.webrtc.check_point import answer, new_check_point
from consult.media.webrtc.ice import open_port
from tests.support.waiting import PATIENCE_S

SENDER = ("192.0.2.9", 1234)


def check(username: str, password: str) -> stun.Message:
    """A browser's check."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = username
    message.attributes["PRIORITY"] = 1
    message.add_message_integrity(password.encode())
    return message


def test_a_right_check_is_answered_with_where_it_came_from() -> None:
    point = new_check_point("192.0.2.1", 42000)
    asked = check(f"{point.fragment}:browser", point.password)
    answered = answer(point, asked, SENDER)
    assert answered
    message = stun.parse_message(answered)
    assert message.check_message_integrity(point.password.encode())
    assert (message.message_class, message.transaction_id) == (stun.Class.RESPONSE, asked.transaction_id)
    assert message.attributes["XOR-MAPPED-ADDRESS"] == SENDER
    assert len(answered) <= len(bytes(asked)) + 12, "it is no lever for floods"


@pytest.mark.parametrize(("fragment", "password"), [("", "wrong"), ("other", "")])
def test_a_strangers_gets_nothing(fragment: str, password: str) -> None:
    point = new_check_point()
    asked = check(f"{fragment or point.fragment}:browser", password or point.password)
    assert answer(point, asked, SENDER) is None


async def test_a_stock_agent_connects_to_the_point_of_a_port() -> None:
    async with open_port("127.0.0.1") as port:
        point = port.check_point
        assert (point.address, point.port) == port.bound
        browser = Connection(ice_controlling=True)
        await browser.gather_candidates()
        browser.remote_username, browser.remote_password, browser.remote_is_lite = point.fragment, point.password, True
        await browser.add_remote_candidate(Candidate("1", 1, "udp", 2130706431, point.address, point.port, "host"))
        await browser.add_remote_candidate(None)
        async with asyncio.timeout(PATIENCE_S):
            await browser.connect()
        await browser.close()
        assert port.forged == 0
