"""A critical result in the page: raised, read back, escalated by the server's clock, told by telephone, closed; through
kill -9 between each two steps; and its notices, whose link leads to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.support.ct import write_series
from tests.support.finding import find
from tests.support.firefox import free_port
from tests.support.home import Host
from tests.support.notices import Mailbox, Webhook, mail_server
from tests.support.person import Person
from tests.support.server import Server, consult
from tests.support.together import HOST, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WHAT, NEXT, FOUND = "Tension pneumothorax", "Aortic dissection", "Bleeding"
ward = together(HOST, Comes(390, 844, name="Dr. Ward", touch=True), Comes(1280, 720, name="Dr. Backup"))
"""The host, who is told, and who is asked when nobody answers."""
WORDS = "The right lung has collapsed, I drain it now."
MINUTE = 60.0


class Hospital:
    """A server whose wall clock is set by the test, with studies of two patients, and what it was told to use."""

    def __init__(self, data: Path, *more: str, env: dict[str, str] | None = None) -> None:
        self.study = write_series(data / "files" / "study", images=6)
        self.other = write_series(data / "files" / "other", patient="OTHER^BERTA", patient_id="0815", images=6)
        consult("import", str(data / "files"), data=data)
        self._clock = data / "clock"
        self._ahead = 0.0
        env = {"CONSULT_TEST_CLOCK": str(self._clock), **(env or {})}
        self.server = Server(data, *more, module="tests.support.shifted_server", env=env)
        self.server.start()

    def later(self, seconds: float) -> None:
        """So much time passes, by the wall clock."""
        self._ahead += seconds
        new = self._clock.with_suffix(".new")
        new.write_text(str(self._ahead))
        new.replace(self._clock)

    def restart(self) -> None:
        """kill -9, and up again."""
        self.server.kill()
        self.server.start()


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """Without a way to send notices."""
    found = Hospital(tmp_path_factory.mktemp("hospital"))
    yield found
    found.server.kill()


@pytest.fixture
def links(hospital: Hospital) -> dict[str, str]:
    """A consult of two cases."""
    return hospital.server.open(hospital.study, title="Board", more_cases=[[hospital.other]])


def card(person: Person, what: str = WHAT) -> Locator:
    """The critical result as that page shows it."""
    return person.page.locator(".critical-card").filter(has_text=what)


async def stands(person: Person, stand: str, what: str = WHAT) -> None:
    """Wait until it stands so there."""
    standing = person.page.locator(f".critical-card[data-stand={stand}]").filter(has_text=what)
    await expect(standing).to_have_count(1)


async def come_in(person: Person, link: str, name: str = "") -> None:
    """To the live page; what the picture shows is not what these tests are about."""
    await person.enter(link, name)
    await person.state("live")


async def raise_it(host: Person, to: str, backup: str, *, what: str = WHAT, email: str = "") -> None:
    """By the host's menu. Somebody who is not here has a name of two words."""
    await host.page.get_by_role("button", name="More", exact=True).click()
    await host.page.get_by_role("menuitem", name="Critical result").click()
    form = host.page.locator(".critical-dialog")
    await expect(form.get_by_role("button", name="Raise it")).to_be_disabled()
    await form.get_by_label("What was found").fill(what)
    await form.get_by_label("RIGHT").check()
    for label, name in (("Who is told", to), ("Who is asked when nobody answers", backup)):
        select = form.get_by_label(label)
        if name in await select.inner_text():
            await select.select_option(label=name)
        else:
            await select.select_option(value="outside")
            await form.get_by_label("Name", exact=True).last.fill(name)
    if email:
        await form.get_by_label("E-mail for the notice").first.fill(email)
    await form.get_by_role("button", name="Raise it").click()
    await stands(host, "open", what)


async def back(*people: Person) -> None:
    """After a restart they come back by themselves."""
    for person in people:
        await person.state("live")


async def test_it_is_red_on_the_home_until_it_is_closed_and_its_time_is_in_the_table(
    hospital: Hospital, people: People
) -> None:
    """The consult is on nobody's screen, and not loaded since the server was killed."""
    links = hospital.server.open(hospital.study, title="=Second opinion")
    host = await people.come()
    await come_in(host, links["host"])
    await raise_it(host, "Ann Ward", "Bob Backup")
    await host.page.close()
    hospital.restart()
    person = await people.come()
    home = Host(person.context, person.page)
    await home.come_home(hospital.server)
    row = home.page.locator(".critical-list .critical-card")
    await expect(row).to_have_count(1)
    for words in (WHAT, "RIGHT", "TEST, Anna", "found by Dr. Host", "Ann Ward is asked. Bob Backup is asked in"):
        await expect(row).to_contain_text(words)
    await home.page.get_by_role("button", name="Turnaround").click()
    await expect(home.page.locator("[data-turnaround]")).to_contain_text("not acknowledged for")
    async with home.page.expect_download() as downloading:
        await home.page.get_by_role("link", name="Download as CSV").click()
    cells = (await (await downloading.value).path()).read_text("utf-8-sig")
    assert '"\'=Second opinion"' in cells, "no formula"
    assert "TEST" not in cells, "nothing of the patient"
    await row.get_by_role("button", name="Open").click()
    await home.page.wait_for_url("**/seat/**")
    await home.state("live")
    await expect(card(home)).to_be_visible()
    await card(home).get_by_role("button", name="It was told").click()
    form = home.page.locator(".critical-dialog")
    await form.get_by_role("button", name="Keep that it was told").click()
    await stands(home, "acknowledged")
    await card(home).get_by_role("button", name="Close …").click()
    await form.get_by_label("What came of it").fill("Drained.")
    await form.get_by_role("button", name="Close it").click()
    await stands(home, "closed")
    await home.come_home(hospital.server)
    await expect(home.page.locator("[data-study]")).to_have_count(2)
    await expect(row).to_have_count(0)
    assert home.problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def mailbox() -> AsyncIterator[tuple[Mailbox, str]]:
    """A mail server."""
    async with mail_server() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def webhook() -> AsyncIterator[Webhook]:
    """Somebody's webhook, which is down at first."""
    made = Webhook()
    await made.start()
    await made.stop()
    yield made
    await made.stop()


async def test_a_notice_is_tried_again_and_its_link_leads_to_the_critical_result(
    tmp_path: Path, people: People, webhook: Webhook, mailbox: tuple[Mailbox, str]
) -> None:
    box, smtp = mailbox
    port = free_port()
    env = {
        "CONSULT_NOTICE_WEBHOOK": webhook.url, "CONSULT_NOTICE_SECRET": "our secret",
        "CONSULT_SMTP_HOST": smtp, "CONSULT_SMTP_SENDER": "consult@hospital.example",
    }  # fmt: skip
    hospital = Hospital(tmp_path, "--port", str(port), "--public-url", f"http://127.0.0.1:{port}", env=env)
    try:
        links = hospital.server.open(hospital.study, title="Second opinion")
        host = await people.come()
        await come_in(host, links["host"])
        await raise_it(host, "Ann Ward", "Bob Backup", email="ann@hospital.example")
        trouble = card(host).locator(".trouble")
        await expect(trouble).to_contain_text("Webhook: failed once, tried again in")
        await expect(trouble).to_contain_text("The webhook does not answer")
        hospital.restart()
        await back(host)
        await webhook.start()
        hospital.later(10.5)
        await expect(trouble).to_have_count(0)
        assert [posted["notice"] for posted in webhook.posted] == ["0.webhook"]
        link = webhook.posted[0]["link"]
        mail = next(mail for mail in box.mails if mail["To"] == "ann@hospital.example")
        text = str(mail.get_payload(decode=False))
        assert link in text, text
        for secret in ("TEST", "4711", "pneumothorax"):
            assert secret not in link + text + str(webhook.posted), "nothing of the patient leaves the hospital"
        ann = await people.come(390, 844, touch=True)
        await ann.page.goto(link)
        await expect(ann.page.get_by_label("Your name")).to_have_value("Ann Ward")
        await ann.page.get_by_role("button", name="Join", exact=True).click()
        await ann.page.wait_for_url("**/seat/**")
        await ann.state("live")
        await expect(card(ann)).to_be_visible()
        await expect(card(ann)).to_contain_text(WHAT)
        assert "critical" not in ann.page.url
        await card(ann).get_by_role("button", name="Acknowledge").click()
        form = ann.page.locator(".critical-dialog")
        await form.get_by_label("Read it back").fill(WORDS)
        await form.get_by_role("button", name="Acknowledge").click()
        await stands(host, "acknowledged")
        await card(host).get_by_text("Ann Ward acknowledged it on").wait_for()
        assert host.problems == ann.problems == []
    finally:
        hospital.server.kill()


async def test_it_is_read_back_and_closed_and_no_kill_loses_a_step(ward: Persons, hospital: Hospital) -> None:
    host, ann, _ = ward
    await raise_it(host, "Dr. Ward", "Dr. Backup")
    await ann.page.locator(".notice.urgent").get_by_text(WHAT).wait_for()
    hospital.restart()
    await back(*ward)
    hospital.later(12 * MINUTE)
    await host.page.reload()  # asks what time it is
    await expect(card(host).locator(".left")).to_have_text("17 min left")
    await ann.page.get_by_role("button", name="Read it").click()
    await expect(ann.page.locator(".notice.urgent")).to_have_count(0)
    await card(ann).get_by_role("button", name="Acknowledge").click()
    form = ann.page.locator(".critical-dialog")
    send = form.get_by_role("button", name="Acknowledge")
    await form.get_by_label("Read it back").fill("Lung down")
    await form.get_by_text("1 more character is needed.").wait_for()
    await expect(send).to_be_disabled()
    await form.get_by_label("Read it back").fill(WHAT.upper())
    await form.get_by_text("Use your own words").wait_for()
    await expect(send).to_be_disabled()
    await form.get_by_label("Read it back").fill(WORDS)
    await send.click()
    await stands(host, "acknowledged")
    await expect(card(host).locator("blockquote")).to_have_text(WORDS)
    hospital.restart()
    await back(*ward)
    await stands(ann, "acknowledged")
    await host.page.get_by_role("button", name="End", exact=True).click()
    await host.page.get_by_role("dialog").get_by_text("1 critical result is not closed").wait_for()
    await host.page.get_by_role("button", name="Cancel").click()
    await stands(host, "acknowledged")
    await card(host).get_by_role("button", name="Close …").click()
    form = host.page.locator(".critical-dialog")
    await expect(form.get_by_role("button", name="Close it")).to_be_disabled()
    await form.get_by_label("What came of it").fill("Drained.")
    await form.get_by_role("button", name="Close it").click()
    await stands(ann, "closed")
    hospital.restart()
    await back(*ward)
    await stands(host, "closed")
    assert host.problems == ann.problems == []


async def test_without_an_answer_the_backup_is_asked_and_then_it_is_told_by_telephone(
    ward: Persons, hospital: Hospital
) -> None:
    """The second time passes while the server is dead."""
    host, ann, bob = ward
    await raise_it(host, "Dr. Ward", "Dr. Backup", what=NEXT)
    await ann.page.locator(".notice.urgent").wait_for()
    await expect(bob.page.locator(".notice.urgent")).to_have_count(0)
    hospital.later(31 * MINUTE)
    await bob.page.locator(".notice.urgent").get_by_text(NEXT).wait_for()
    await card(host, NEXT).get_by_text("Dr. Ward has not answered, so Dr. Backup is asked.").wait_for()
    hospital.server.kill()
    hospital.later(31 * MINUTE)
    hospital.server.start()
    await back(*ward)
    await host.page.locator(".notice.urgent").get_by_text("Nobody has answered").wait_for()
    await expect(card(host, NEXT).locator(".left")).to_have_text("no answer")
    await card(host, NEXT).get_by_role("button", name="It was told").click()
    form = host.page.locator(".critical-dialog")
    await form.get_by_label("To whom").fill("Sister Ruth")
    await form.get_by_label("By voice, here").check()
    await form.get_by_text("Tick that it was read back to you.").wait_for()
    await expect(form.get_by_role("button", name="Keep that it was told")).to_be_disabled()
    await form.get_by_label("By telephone").check()
    await form.get_by_role("button", name="Keep that it was told").click()
    await stands(bob, "acknowledged", NEXT)
    hospital.restart()
    await back(*ward)
    await expect(card(bob, NEXT)).to_contain_text("Sister Ruth was told by telephone on")
    await expect(card(bob, NEXT)).to_contain_text("says Dr. Host.")
    assert host.problems == ann.problems == bob.problems == []


async def test_one_from_a_finding_has_its_words_and_side_and_leads_to_it_from_another_case(
    ward: Persons, hospital: Hospital, people: People
) -> None:
    """Where its case is not shown, the host's card says so and has a button that shows it; then the image of the
    finding opens for the host, also where it is still loading. A guest has a sentence meanwhile, and the card again
    then; so has the backup, whose turn it becomes while the case is not shown."""
    host, ann, bob = ward
    found, epoch = await host.image_number(), int(await host.data("case"))
    finding = await find(host, FOUND)
    await finding.get_by_role("button", name="Save").click()
    form = host.page.locator(".critical-dialog")

    async def open_form() -> None:
        await host.page.get_by_role("button", name=f"More about {FOUND}").click()
        await host.page.get_by_role("menuitem", name="Critical result").click()

    await open_form()
    await form.get_by_text("Confirm the side of the finding first").wait_for()
    await form.get_by_role("button", name="Cancel").click()
    await host.page.get_by_role("button", name="Choose the side").click()
    await finding.get_by_text("LEFT", exact=True).click()
    await finding.get_by_role("button", name="Confirm LEFT").click()
    await finding.get_by_role("button", name="Done").click()
    await expect(host.page.locator("[data-finding]")).to_have_attribute("data-side", "LEFT")
    await host.after(host.page.locator("#stage").press("ArrowUp"))
    await open_form()
    await expect(form.get_by_label("What was found")).to_have_value(FOUND)
    await form.get_by_text(f"as confirmed for the finding “{FOUND}”").wait_for()
    await form.get_by_label("Who is told").select_option(label="Dr. Ward")
    await form.get_by_label("Who is asked when nobody answers").select_option(label="Dr. Backup")
    await form.get_by_role("button", name="Raise it").click()
    await expect(card(ann, FOUND)).to_contain_text(f"LEFT {FOUND}")
    await ann.page.get_by_role("button", name="Read it").click()
    await card(ann, FOUND).get_by_role("button", name="Show the finding").click()
    await ann.wait_for("document.body.dataset.independent === 'true'")
    await ann.sees(found)
    assert await host.image_number() != found, "nothing changes for the others"
    await ann.page.keyboard.press("Escape")
    await ann.page.locator("#stage").press("f")
    await ann.wait_for("document.body.dataset.independent !== 'true'")

    await host.page.locator("#stage").press("n")
    await host.wait_for(f"document.body.dataset.case === '{epoch + 1}'")
    await expect(card(host, FOUND)).to_contain_text("Its case is not shown now.")
    await expect(card(ann, FOUND)).to_have_count(0)
    notice = ann.page.locator(".notice").get_by_text("is of a case that is not shown now")
    await notice.wait_for()
    await ann.page.reload()
    await ann.state("live")
    await notice.wait_for()
    to_backup = bob.page.locator(".notice").get_by_text("is of a case that is not shown now")
    await expect(to_backup).to_have_count(0)
    hospital.later(31 * MINUTE)
    await to_backup.wait_for()
    await expect(card(host, FOUND)).to_contain_text("Dr. Ward has not answered, so Dr. Backup is asked.")

    person = await people.come()
    home = Host(person.context, person.page)
    await home.come_home(hospital.server)
    await home.page.locator(".critical-list .critical-card", has_text=FOUND).get_by_role("button", name="Open").click()
    await home.page.wait_for_url("**/seat/**")
    await home.state("live")
    step = card(home, FOUND).get_by_role("button", name="Go to its case")
    await expect(step).to_be_focused()
    await step.click()
    await ann.wait_for(f"document.body.dataset.case === '{epoch + 2}'")
    await home.wait_for(f"document.body.dataset.case === '{epoch + 2}'")
    await home.wait_for("document.body.dataset.independent === 'true'")
    await home.sees(found)
    await expect(card(home, FOUND)).not_to_contain_text("not shown now")
    await expect(card(ann, FOUND)).to_contain_text(f"LEFT {FOUND}")
    await expect(card(bob, FOUND)).to_contain_text(f"LEFT {FOUND}")
    await expect(notice).to_have_count(0)
    await expect(to_backup).to_have_count(0)
    await ann.sees(found)
    assert host.problems == home.problems == ann.problems == bob.problems == []
