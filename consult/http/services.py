"""What the routes work with: one object, built by `consult.app`, attached to the application once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from consult.access.guesses import Guesses
from consult.access.keys import Keys
from consult.access.oidc.client import Provider
from consult.access.spoken_codes import SpokenCodes
from consult.documents.maker import DocumentMaker
from consult.http.security.address_rates import AddressRates
from consult.http.security.lost_upgrades import LostUpgrades
from consult.http.security.pins import WrongPins
from consult.http.security.throttle import Throttle
from consult.http.sign_in.accounts import Accounts
from consult.library.library import Library
from consult.library.uploading.uploads import Uploads
from consult.media.webrtc.check_point import CheckPoint
from consult.monitoring.metrics import Metrics
from consult.runtime.deletion import Volumes
from consult.runtime.keeping.keeping import Keeping
from consult.runtime.registry import Registry
from consult.store.log.readiness import Readiness
from consult.streaming.key_views import KeyViews
from consult.tally import Tally

if TYPE_CHECKING:
    from consult.http.bridging.bridge import Bridge

MAX_PIECES_AT_ONCE = 16
"""Pieces of uploaded files that are received at the same time."""


class DemoStudies(Protocol):
    """The demo studies as the host API sees them; `consult.demo` implements it, which http does not import."""

    @property
    def status(self) -> Struct:
        """How far they are, encodable as JSON."""

    def start(self) -> Struct:
        """Begin to make them, unless that is under way; the status."""


@dataclass(frozen=True)
class Services:
    """The objects of one server.

    Attributes:
        accounts: users, and where they are signed in.
        public_url: what links begin with, without a last slash; "": the address that was asked.
        hosts: names under which this server may be asked besides those of this machine and of `public_url`.
        behind_tls_proxy: browsers reach it by https.
        documents: writes notes out as pages, PDF and JSON.
        key_views: draws views apart from any stage.
        keeping: exports, imports and deletes whole consults.
        readiness: whether the server can do its work.
        metrics: its numbers; tally: where those are noted that routes make.
        retention_days: after its end that a consult is deleted; 0: never.
        voice_check: where a page finds out, before it joins, whether voice would come through.
        provider: by which users sign in with their organization's account; None: there is none.
        launch_secret: of whoever signs launch links; "": none are taken.
        throttle: of wrong host tokens.
        address_rates: of what is asked while nobody is known by it.
        codes: spoken ones that live.
        guesses: of wrong ones.
        pins: of wrong ones.
        site_name: of the hospital; "": it is not said.
        lost_upgrades: of the WebSockets of seats.
        bridge: the ways to other nodes; None: there are none.
        receiving: held while a piece of an uploaded file is received.
    """

    keys: Keys
    library: Library
    registry: Registry
    uploads: Uploads
    demo: DemoStudies
    volumes: Volumes
    documents: DocumentMaker
    key_views: KeyViews
    accounts: Accounts
    keeping: Keeping
    readiness: Readiness
    metrics: Metrics
    tally: Tally
    codes: SpokenCodes
    public_url: str = ""
    voice_check: CheckPoint | None = None
    hosts: frozenset[str] = frozenset()
    behind_tls_proxy: bool = False
    retention_days: int = 0
    provider: Provider | None = None
    launch_secret: str = ""
    site_name: str = ""
    bridge: Bridge | None = None
    throttle: Throttle = field(default_factory=Throttle)
    address_rates: AddressRates = field(default_factory=AddressRates)
    guesses: Guesses = field(default_factory=Guesses)
    pins: WrongPins = field(default_factory=WrongPins)
    lost_upgrades: LostUpgrades = field(default_factory=LostUpgrades)
    receiving: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_PIECES_AT_ONCE))


def attach(application: Starlette, services: Services) -> None:
    """Give the application its services, in place of any before."""
    application.state.services = services


def services(connection: HTTPConnection) -> Services:
    """The services of the application that a request or WebSocket belongs to."""
    attached: Services = connection.app.state.services
    return attached
