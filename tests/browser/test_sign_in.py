"""Hosts with names: by password, by a real OpenID provider, by a launch link; where one is signed in, and its end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.axe import found_by_axe
from tests.support.ct import write_series
from tests.support.home import Host
from tests.support.oidc import ROOT, Provider, oidc_provider
from tests.support.person import Person
from tests.support.server import Server, consult, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PASSWORD = "zwei Tassen Kaffee am Fenster"
SECRET = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Clinic:
    """A server with users, one study, an OpenID provider and a system that launches it.

    Attributes:
        study: StudyInstanceUID, whose AccessionNumber is A-4711.
    """

    server: Server
    provider: Provider
    study: str
    secret: Path

    def launch_link(self, *words: str) -> str:
        """As the system makes it."""
        options = ("--launch-secret-file", str(self.secret))
        return consult("launch-link", *words, *options, data=self.server.data).stdout.strip()


def add_user(data: Path, name: str, full_name: str) -> None:
    """By the command, which reads the password from a pipe."""
    words = [name, "--full-name", full_name, "--role-title", "Consultant radiologist", "--data", str(data)]
    command = [sys.executable, "-m", "consult", "user", "add", *words]
    subprocess.run(command, cwd=ROOT, input=f"{PASSWORD}\n", text=True, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    data = tmp_path_factory.mktemp("clinic")
    study = write_series(data / "files", images=6, size=64, AccessionNumber="A-4711")
    add_user(data, "anna.berg", "Dr. Anna Berg")
    add_user(data, "bob", "Dr. Bob Lind")
    secret = data / "launch-secret"
    secret.write_text(SECRET)
    with oidc_provider() as provider:
        provider.put_user("s-carla", name="Dr. Carla Weiss", email="carla@clinic.example", email_verified=True)
        provider.put_user("s-dan", name="Dan", email="dan@elsewhere.example", email_verified=True)
        options = (
            "--oidc-issuer", provider.issuer, "--oidc-client-id", "consult", "--oidc-name", "Clinic account",
            "--oidc-allowed-emails", "@clinic.example", "--oidc-secret-file", str(secret),
            "--launch-secret-file", str(secret),
        )  # fmt: skip
        with serving(data, *options, files=data / "files") as server:
            yield Clinic(server, provider, study, secret)


async def come(people: People, clinic: Clinic, *, locale: str | None = None) -> Host:
    """Somebody at the page that asks who they are."""
    person = await people.come(1440, 900, locale=locale)
    host = Host(person.context, person.page)
    await host.page.goto(clinic.server.address)
    await host.state("signin")
    return host


async def sign_in(host: Host, name: str) -> None:
    """By user name and password."""
    await host.page.get_by_label("User name").fill(name)
    await host.page.get_by_label("Password").fill(PASSWORD)
    await host.page.keyboard.press("Enter")
    await host.state("live")


async def choose(host: Host, item: str) -> None:
    """Of the home's menu."""
    await host.page.get_by_role("button", name="More", exact=True).click()
    await host.page.get_by_role("menuitem", name=item).click()


async def test_two_users_host_one_consult_under_their_names(people: People, clinic: Clinic) -> None:
    anna, bob = await come(people, clinic), await come(people, clinic)
    assert await found_by_axe(anna.page) == []
    await anna.page.get_by_label("User name").fill("anna.berg")
    await anna.page.get_by_label("Password").fill("a wrong one, long enough")
    await anna.page.keyboard.press("Enter")
    await anna.page.get_by_text("User name and password do not belong together.").wait_for()
    await sign_in(anna, "Anna.Berg")
    await sign_in(bob, "bob")
    await anna.has_studies(1)
    await anna.select(clinic.study)
    name = anna.page.get_by_label("Your name, as guests will read it")
    await expect(name).to_have_value("Dr. Anna Berg")
    await expect(name).not_to_be_editable()
    await anna.page.get_by_role("button", name="Open consult").click()
    await anna.page.locator(".invite-dialog").get_by_role("link", name="Go to the consult").wait_for()
    await anna.page.keyboard.press("Escape")
    for host in (anna, bob):
        await (
            host.page.get_by_role("button", name="Join")
            .or_(host.page.get_by_role("button", name="Rejoin"))
            .first.click()
        )
        await host.page.wait_for_url("**/seat/**")
        await host.state("live")
        await host.settled()
    for host in (anna, bob):
        for full_name in ("Dr. Anna Berg", "Dr. Bob Lind"):
            await host.wait_for(f"document.body.textContent.includes('{full_name}')")
        assert host.problems == []


async def test_a_sign_in_is_ended_from_another_browser(people: People, clinic: Clinic) -> None:
    here, there = await come(people, clinic), await come(people, clinic)
    await sign_in(here, "anna.berg")
    await sign_in(there, "anna.berg")
    await choose(here, "Where you are signed in")
    dialog = here.page.get_by_role("dialog", name="Where you are signed in")
    await expect(dialog.get_by_text("Dr. Anna Berg, as anna.berg")).to_be_visible()
    await expect(dialog.locator("[data-sign-in=here]")).to_have_count(1)
    assert await found_by_axe(here.page) == []
    await dialog.get_by_role("button", name="End all others").click()
    await expect(dialog.locator("[data-sign-in]")).to_have_count(1)
    await there.state("signin")
    await there.page.get_by_text("Your session is over. Sign in again.").wait_for()
    await sign_in(there, "anna.berg")
    assert await here.data("state") == "live"


async def test_a_user_changes_their_own_password(people: People, clinic: Clinic) -> None:
    add_user(clinic.server.data, "frida", "Dr. Frida")
    host = await come(people, clinic)
    await sign_in(host, "frida")
    await choose(host, "Change your password")
    dialog = host.page.get_by_role("dialog", name="Change your password")
    now, new, again = (dialog.locator("input").nth(i) for i in range(3))
    for first, second, sentence in (
        ("short", "another", "The two new passwords differ."),
        ("short", "short", "at least 15 characters"),
        ("drei Ziegen auf dem Berg", "drei Ziegen auf dem Berg", ""),
    ):
        await now.fill(PASSWORD)
        await new.fill(first)
        await again.fill(second)
        await dialog.get_by_role("button", name="Change").click()
        if sentence:
            await dialog.get_by_text(sentence).and_(dialog.get_by_role("alert")).wait_for()
    await expect(dialog).to_have_count(0)
    assert await host.data("state") == "live"


async def test_an_organizations_account_signs_in_and_out(people: People, clinic: Clinic) -> None:
    host = await come(people, clinic)
    for sub, button, sentence in (
        ("", "Deny", "has not signed you in"),
        ("s-dan", "Authorize", "this account may not host here"),
        ("s-carla", "Authorize", ""),
    ):
        await host.page.get_by_role("link", name="Sign in with Clinic account").click()
        await host.page.wait_for_url(f"{clinic.provider.issuer}/**")
        await host.page.locator("input[name=sub]").fill(sub)
        await host.page.get_by_role("button", name=button, exact=True).click()
        if sentence:
            await host.page.get_by_text(sentence).wait_for()
            await host.page.get_by_role("link", name="Back to signing in").click()
            await host.state("signin")
    await host.state("live")
    assert host.page.url == f"{clinic.server.address}/"
    await host.page.get_by_role("button", name="Your name: Dr. Carla Weiss").click()
    await host.page.get_by_text("by your organization’s account").wait_for()
    await host.page.get_by_role("button", name="Close").click()
    await choose(host, "Sign out")
    await host.state("signin")
    await host.page.reload()
    await host.state("signin")


async def test_a_launch_link_opens_its_study_once(people: People, clinic: Clinic) -> None:
    first, second = await people.come(1440, 900), await people.come(390, 844, locale="de-DE")
    link = clinic.launch_link("bob", "--accession", "A-4711")
    await first.page.goto(link)
    await first.page.wait_for_url("**/seat/**")
    await first.state("live")
    await first.settled()
    assert "A-4711" not in first.page.url
    role = "localStorage.getItem('consult-signer-role Dr. Bob Lind')"
    assert await first.page.evaluate(role) == "Consultant radiologist", "as notes are signed with it"
    await first.wait_for("document.body.textContent.includes('Dr. Bob Lind')")
    await refused(second, link, "bereits benutzt")
    await refused(second, clinic.launch_link("bob", "--study", "1.2.3"), "keine Untersuchung mit StudyInstanceUID")
    await refused(
        second, clinic.launch_link("bob", "--study", clinic.study).replace("user=bob", "user=eve"), "signiert"
    )
    assert "/launch" in second.page.url
    assert "?" not in second.page.url, "it leaves the address"
    await second.page.get_by_role("button", name="Zu den Untersuchungen").click()
    await second.state("signin")
    host = Host(first.context, await first.context.new_page())
    await host.page.goto(clinic.server.address)
    await host.state("live")
    await host.page.get_by_role("button", name="Your name: Dr. Bob Lind").wait_for()
    assert first.problems + second.problems + host.problems == []


async def refused(person: Person, link: str, sentence: str) -> None:
    """The page says why, in words."""
    await person.page.goto(link)
    await person.state("ended")
    await person.page.get_by_text(sentence).wait_for()
