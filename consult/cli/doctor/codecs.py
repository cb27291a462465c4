"""What draws and reads: the encoder of the moving picture, the decoders of files, what writes PDF, each tried once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

from consult.cli.doctor.findings import Finding, works
from consult.dicom.workers import DicomWorkers
from consult.media.video.trial import try_encoder
from consult.model.errors import ConsultError

INSTALL = "install consult anew into an empty environment: pip install --force-reinstall"
PDF = "install WeasyPrint's libraries: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
PAGE = "<html><body><p>consult</p></body></html>"


async def check_codecs() -> list[Finding]:
    """Each of them; files are read and documents written in worker processes, as the server does."""
    encoder = await asyncio.to_thread(try_encoder)
    moving = (
        Finding("moving picture", "fails", f"H.264 is not encoded: {encoder}", INSTALL)
        if encoder
        else works("moving picture", "H.264 is encoded, and decoded again")
    )
    return [moving, *of_decoders(await _decoders()), await _documents()]


async def _decoders() -> Mapping[str, str] | ConsultError:
    try:
        async with DicomWorkers(count=1, kept=0) as workers:
            found: Mapping[str, str] = await workers.run("try_decoders")
    except ConsultError as error:
        return error
    return found


def of_decoders(tried: Mapping[str, str] | ConsultError) -> Iterator[Finding]:
    """What the trial of the decoders means."""
    if isinstance(tried, ConsultError):
        advice = "give it more memory (a worker needs 384 MiB besides its libraries), or look at the log of the system"
        yield Finding("DICOM workers", "fails", f"no worker process answers: {tried.sentence}", advice)
        return
    yield works("DICOM workers", "a worker process answers")
    for name, problem in tried.items():
        if problem:
            yield Finding("decoders", "fails", f"{name} is not decoded: {problem}", INSTALL)
    if not any(tried.values()):
        yield works("decoders", f"{', '.join(tried)} are decoded exactly")


async def _documents() -> Finding:
    try:
        async with DicomWorkers(count=1, kept=0, tasks="consult.documents.tasks", preload=False) as workers:
            pdf: bytes = await workers.run("print_pdf", PAGE, {}, b"{}")
    except ConsultError as error:
        return Finding("PDF", "fails", f"notes cannot be written as PDF: {error.sentence}", PDF)
    if not pdf.startswith(b"%PDF-"):
        return Finding("PDF", "fails", "what is written as PDF is none", PDF)
    return works("PDF", "notes are written as PDF")
