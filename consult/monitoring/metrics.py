"""The numbers of a server as Prometheus reads them (text format 0.0.4). `NAMES` lists them; docs/running.md explains.

Rules of this file:
- A label has one of a few words of this source: roles, transports, reasons, codes, states. No id, no name, nothing of a
  patient, no address: whoever reads the numbers learns nothing of anybody.
- Everything is read when it is asked for; nothing is kept here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from consult import __version__
from consult.disk import free_bytes
from consult.model.catalogue import Role
from consult.model.errors import StoreFailed
from consult.runtime.registry import Registry
from consult.sessions.presence.messages import Transport
from consult.tally import BOUNDS_S, Durations, Tally

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ROLES: tuple[str, ...] = get_args(Role)
TRANSPORTS: tuple[str, ...] = get_args(Transport)
DEATHS = ("worker_died", "deadline", "processor_time")
"""Codes of `WorkerDied` by which a task ends with its worker."""
NAMES = {
    "consult_build_info": "version of consult, as a label; always 1",
    "consult_consults": "consults that are open in this process",
    "consult_people": "people who are in a consult now, by role",
    "consult_pages": "pages that are connected, by how they get the moving picture",
    "consult_streams": "encoded streams of the moving picture",
    "consult_frame_age_seconds": "from a change of the view to its frame being handed out",
    "consult_acknowledgement_seconds": "from a command's coming to its acknowledgement, which stands behind storing it",
    "consult_closed_connections": "connections that the server has closed, by reason",
    "consult_refused": "what was refused, by code",
    "consult_dicom_workers": "processes that read DICOM files; busy: places at which a task is",
    "consult_dicom_worker_deaths": "tasks that ended with their worker, by reason",
    "consult_udp_dropped": "datagrams of live media that were dropped: of strangers, or for want of room",
    "consult_disk_free_bytes": "bytes that are free on the disk of the data directory",
}
"""Families of this server; those of the process itself (process_...) are prometheus_client's."""


class Workers(Protocol):
    """DICOM workers, as far as they are counted (`dicom.workers.DicomWorkers`)."""

    deaths: Counter[str]

    @property
    def alive(self) -> int:
        """Processes."""

    @property
    def busy(self) -> int:
        """Places at which a task is."""


class Port(Protocol):
    """The UDP port of live media (`media.webrtc.ice.UdpPort`)."""

    forged: int
    overflowed: int


@dataclass(frozen=True)
class Watched:
    """What the numbers are of."""

    tally: Tally
    registry: Registry
    workers: Workers
    port: Port
    data: Path


class Metrics:
    """The numbers.

    Args:
        watched: what they are of.
        token: that whoever reads them must have; "": who asks on this machine.
    """

    def __init__(self, watched: Watched, token: str = "") -> None:
        self.watched, self.token = watched, token
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Collected(watched))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """All of them now."""
        return generate_latest(self._registry)


class _Collected(Collector):
    """Asks when it is asked."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def collect(self) -> Iterator[Metric]:
        """Every family of `NAMES`, once."""
        of = self._watched
        yield _gauge("consult_build_info", "version", {__version__: 1})
        yield from _of_consults(of.registry)
        yield _gauge("consult_streams", "", {"": of.tally.levels["streams"]})
        for what in ("frame_age", "acknowledgement"):
            yield _histogram(f"consult_{what}_seconds", of.tally.durations[what])
        yield _counter("consult_closed_connections", "reason", of.tally.counts["closed"])
        yield _counter("consult_refused", "code", of.tally.counts["refused"])
        yield _gauge("consult_dicom_workers", "state", {"alive": of.workers.alive, "busy": of.workers.busy})
        died = {reason: of.workers.deaths[reason] for reason in DEATHS}
        yield _counter("consult_dicom_worker_deaths", "reason", died)
        yield _counter("consult_udp_dropped", "why", {"stranger": of.port.forged, "full": of.port.overflowed})
        try:
            yield _gauge("consult_disk_free_bytes", "", {"": free_bytes(of.data)})
        except StoreFailed:  # it is gone: the number is missing, the others are not
            return


def _of_consults(registry: Registry) -> Iterator[Metric]:
    """Each person counts once in a consult, each page for itself."""
    running = registry.all_running()
    people, pages = Counter(dict.fromkeys(ROLES, 0)), Counter(dict.fromkeys(TRANSPORTS, 0))
    for consult in running:
        found = consult.core.pages
        pages.update(transport for _, _, transport in found)
        people.update({seat: role for seat, role, _ in found}.values())
    yield _gauge("consult_consults", "", {"": len(running)})
    yield _gauge("consult_people", "role", people)
    yield _gauge("consult_pages", "transport", pages)


def _gauge(name: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, NAMES[name], labels=[label] if label else [])
    for value, number in values.items():
        family.add_metric([value] if label else [], number)
    return family


def _counter(name: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, NAMES[name], labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _histogram(name: str, durations: Durations) -> Metric:
    """Buckets of Prometheus hold all that lies at or below their bound."""
    family, below, buckets = HistogramMetricFamily(name, NAMES[name]), 0, []
    for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), durations.counts, strict=True):
        below += count
        buckets.append((bound, below))
    family.add_metric([], buckets, durations.sum_s)
    return family
