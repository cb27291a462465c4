"""How the data of this folder was made: a real server of the version before issue 12, driven as pages drive it.

    nice env PYTHONPATH=$PWD .venv/bin/python tests/golden/2026-11-29/make.py /work/base/.venv/bin/consult

It writes the files beside it anew, with other names, times and secrets. The version that it drives must be the old
one: golden data is what an old version has left, and this shows what is in it. README.md has the rest.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import MRImageStorage, UltrasoundImageStorage, generate_uid

from tests.support.ct import write_series
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.plain_page import Message, Page, PlainServer, Seat

HERE = Path(__file__).parent
SIZE, SMALL = 48, 24
Seats = dict[str, Seat]


# The studies: a CT and its prior of one patient; an MR and an ultrasound picture of another.


def write_studies(folder: Path) -> tuple[str, str, str]:
    """As DICOM files; their study UIDs: CT, prior, MR."""
    patient = {"patient": "GOLD^ANNA", "patient_id": "G-1", "size": SIZE}
    now = write_series(folder / "ct", images=12, **patient)  # type: ignore[arg-type]
    origin = (-50.0, -44.0, -117.0)
    changes = {"StudyDate": "20260518", "StudyDescription": "CT chest, prior", "PatientAge": "065Y"}
    prior = write_series(folder / "prior", images=10, origin_mm=origin, **patient, **changes)  # type: ignore[arg-type]
    return now, prior, write_mr(folder / "mr")


def write_mr(folder: Path) -> str:
    """Diffusion at four places with b 0 and b 1000; a series with places of unequal number; a picture in colour."""
    folder.mkdir()
    study = str(generate_uid(entropy_srcs=["golden mr"]))
    for number, (description, values) in enumerate(SERIES.items(), start=1):
        images = [(place, b) for b in sorted(set(values)) for place in range(values.count(b))]
        for instance, (place, b) in enumerate(images, start=1):
            write(mr(study, number, description, instance, place, b), folder / f"{number}-{instance:02}.dcm")
    write(ultrasound(study), folder / "us.dcm")
    return study


SERIES = {"DWI b0 b1000": [0] * 4 + [1000] * 4, "DWI broken off": [0] * 4 + [500] * 3}
"""Description and the b value of each image."""
OTHER_PATIENT = {"PatientName": "SILVER^OTTO", "PatientID": "G-2", "PatientSex": "M", "PatientBirthDate": "19540102"}


def mr(study: str, number: int, description: str, instance: int, place: int, b: int) -> Any:
    """One image of diffusion."""
    series, frame = (str(generate_uid(entropy_srcs=[study, what])) for what in (description, "frame"))
    return ct(
        **OTHER_PATIENT, SOPClassUID=MRImageStorage, Modality="MR", StudyInstanceUID=study, SeriesInstanceUID=series,
        SOPInstanceUID=str(generate_uid(entropy_srcs=[series, str(instance)])), FrameOfReferenceUID=frame,
        SeriesNumber=number, SeriesDescription=description, StudyDescription="MR brain", InstanceNumber=instance,
        ImagePositionPatient=[-24, -24, 5 * place], PixelSpacing=[2, 2], SliceThickness=5, DiffusionBValue=float(b),
        Rows=SMALL, Columns=SMALL, RescaleIntercept=0, WindowCenter=300, WindowWidth=600,
        WindowCenterWidthExplanation=ABSENT, PixelData=diffusion(place, b).tobytes(),
    )  # fmt: skip


def diffusion(place: int, b: int) -> NDArray[np.uint16]:
    """Stored values: a head that grows with the place, darker with b but for a spot."""
    rows, columns = np.mgrid[0:SMALL, 0:SMALL]
    head = (rows - 12) ** 2 + (columns - 12) ** 2 < (7 + place) ** 2
    spot = (rows - 9) ** 2 + (columns - 14) ** 2 < 6
    return np.where(spot, 520 - 20 * place, np.where(head, (400 + 8 * columns) // (1 + b // 400), rows)).astype("<u2")


def ultrasound(study: str) -> Any:
    """One picture in colour that has no place in the patient."""
    rows, columns = np.mgrid[0:SMALL, 0:SMALL]
    pixels = np.stack([10 * rows, 10 * columns, 255 - 10 * rows], axis=-1).astype(np.uint8)
    absent = dict.fromkeys(
        ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness", "FrameOfReferenceUID",
         "RescaleSlope", "RescaleIntercept", "WindowCenter", "WindowWidth", "WindowCenterWidthExplanation"), ABSENT,
    )  # fmt: skip
    series, image = (str(generate_uid(entropy_srcs=[study, what])) for what in ("us series", "us image"))
    return ct(
        **OTHER_PATIENT, **absent, SOPClassUID=UltrasoundImageStorage, Modality="US", StudyInstanceUID=study,
        SeriesInstanceUID=series, SOPInstanceUID=image, SeriesNumber=7, SeriesDescription="Liver",
        StudyDescription="MR brain", InstanceNumber=1, Rows=SMALL, Columns=SMALL, SamplesPerPixel=3,
        PhotometricInterpretation="RGB", PlanarConfiguration=0, BitsAllocated=8, BitsStored=8, HighBit=7,
        PixelRepresentation=0, PixelData=pixels.tobytes(),
    )  # fmt: skip


# What people do. All in the form of the old version, which this folder is about.


def series_of(page: Page, case: int) -> list[Message]:
    """The series of a case of a page's snapshot."""
    found: list[Message] = page.welcome["snapshot"]["cases"][case]["series"]
    return found


def viewport(
    series: Message, image: int, window: tuple[float, float] | None, name: str = "a", zoom: float = 1
) -> Message:
    """A picture of a series, its middle in the middle."""
    grid = series["grid"]
    half = [(grid[n] - 1) / 2 * grid[f"{n[:-1]}_spacing"] for n in ("columns", "rows")]
    corner = zip(grid["positions"][image], grid["right"], grid["down"], strict=True)
    middle = [p + half[0] * r + half[1] * d for p, r, d in corner]
    radius = max(grid["columns"] * grid["column_spacing"], grid["rows"] * grid["row_spacing"]) / 2 / zoom
    camera = {"center": middle, "radius": radius, "right": grid["right"], "down": grid["down"]}
    shown = None if window is None else {"center": window[0], "width": window[1]}
    return {"id": name, "series": series["key"], "image": image, "camera": camera, "window": shown, "invert": False}


def alone(shown: Message) -> Message:
    """A view of one viewport."""
    return {"layout": "1x1", "viewports": [shown], "active": "a", "link": None}


def beside(left: Message, right: Message, active: str) -> Message:
    """A view of two, linked."""
    offset = right["camera"]["center"][2] - left["camera"]["center"][2]
    link = {"offset_mm": offset, "pan_mm": [1.5, -2.0]}
    return {"layout": "1x2", "viewports": [left, right], "active": active, "link": link}


def point(shown: Message, right: float, down: float) -> list[float]:
    """A point on the plane of a viewport's picture, mm from its middle."""
    camera = shown["camera"]
    return [c + right * r + down * d for c, r, d in zip(camera["center"], camera["right"], camera["down"], strict=True)]


def shape(name: str, kind: str, shown: Message, *places: tuple[float, float], label: str = "") -> Message:
    """A shape on a viewport's picture."""
    spot = {"series": shown["series"], "image": shown["image"]}
    return {"id": name, "kind": kind, **spot, "points": [point(shown, *place) for place in places], "label": label}


LUNG, SOFT = (-600.0, 1500.0), (40.0, 400.0)


def follow_up(server: PlainServer, consult: str, seats: Seats) -> Message:
    """The first consult: everything that one case can have."""
    host, ann, ben, vera = (Page(server, seats[name]) for name in ("host", "Ann Kim", "Ben", "Vera"))
    with host, ann, ben, vera:
        now, prior = series_of(host, 0)
        scroll(host, now)
        host.show(beside(viewport(now, 6, SOFT), viewport(prior, 4, SOFT, "b"), "a"))
        draw(host, ann, ben, viewport(now, 6, SOFT), viewport(prior, 4, SOFT))
        keep(host, ann, ben, viewport(now, 7, LUNG, zoom=1.5), viewport(prior, 4, SOFT, "b"))
        ben.command("rename", name="Ben Okafor")
        pass_control(host, ann, ben, seats, viewport(now, 8, LUNG, zoom=2))
        pair = beside(viewport(now, 7, LUNG), viewport(prior, 5, LUNG, "b"), "b")
        ann.command("post_chat", text="Compare with the prior: 6 → 8 mm?", view=pair)
        ben.command("post_chat", text="In the lung window, please – “żółć”", view=None)
        with Page(server, seats["Max"]) as leaving:
            host.command("remove_seat", seat=leaving.seat)
        right = {**viewport(prior, 3, SOFT, "b", zoom=1.25), "invert": True}
        host.show(beside(viewport(now, 5, SOFT, zoom=1.25), right, "b"))
        ann.command("post_chat", text="Thank you.", view=None)
        command, seq = ann.last
        return {"message": command, "seq": seq, "tab": ann.tab, "seat": "Ann Kim", "rev": host.shown["rev"]}


def scroll(host: Page, series: Message) -> None:
    """Scroll, window and zoom: many shows, a few of which come to rest."""
    for image in range(9):
        host.show(alone(viewport(series, image, SOFT)), rest=image == 8)
    for width in (600.0, 900.0, 1500.0):
        host.show(alone(viewport(series, 8, (-300.0, width))), rest=False)
    host.show(alone(viewport(series, 8, LUNG)))
    host.show(alone(viewport(series, 8, LUNG, zoom=2)))


def draw(host: Page, ann: Page, ben: Page, now: Message, prior: Message) -> None:
    """Marks of every kind; one changed, one deleted, one undone, one undone and done again."""
    host.command("put_mark", mark=shape("h-arrow", "arrow", now, (-10, 4), (-30, 20), label="here"))
    ann.command("put_mark", mark=shape("a-text", "text", now, (8, -12), label="Nodule, 6 mm"))
    ann.command("put_mark", mark=shape("a-length", "length", now, (-4, 0), (4.5, 2.25)))
    ben.command("put_mark", mark=shape("b-angle", "angle", now, (-20, 0), (0, 0), (0, 14)))
    ben.command("put_mark", mark=shape("b-ellipse", "ellipse", now, (5, 5), (15, 5), (5, 11)))
    host.command("put_mark", mark=shape("h-probe", "probe", now, (3, 3)))
    ann.command("put_mark", mark=shape("a-prior", "length", prior, (-3, 1), (3, 1), label="before"))
    ben.command("put_mark", mark=shape("b-ellipse", "ellipse", now, (5, 5), (15, 5), (5, 13), label="Volume"))
    ben.command("put_mark", mark=shape("b-gone", "probe", now, (9, 9)))
    host.command("delete_mark", mark="b-gone")
    host.command("put_mark", mark=shape("h-undone", "text", now, (0, 0), label="no"))
    host.command("undo")
    ann.command("put_mark", mark=shape("a-again", "arrow", prior, (0, 0), (9, 9)))
    ann.command("undo")
    ann.command("redo")
    ben.command("put_mark", mark=shape("b-last", "length", prior, (0, 0), (9, 0)))
    ben.command("undo")


def keep(host: Page, ann: Page, ben: Page, now: Message, prior: Message) -> None:
    """Key images: one kept as a zoomed picture, one kept and dropped, one dropped and brought back."""
    ann.command("keep_image", viewport=now)
    ben.command("keep_image", viewport=prior)
    host.command("drop_image", key_image=f"{prior['series']}.{prior['image']}")
    other = {**now, "image": 2, "camera": {**now["camera"], "center": [0.0, 0.0, -114.0]}, "invert": True}
    host.command("keep_image", viewport=other)
    host.command("drop_image", key_image=f"{now['series']}.2")
    host.command("undo")


def pass_control(host: Page, ann: Page, ben: Page, seats: Seats, shown: Message) -> None:
    """Asked for, granted, given back, asked for again by another."""
    ann.command("request_control")
    host.command("grant_control", seat=ann.seat)
    await_event(ann, "control_put", "control", seat=ann.seat)
    ann.show(alone(shown))
    ann.command("give_back_control")
    ben.command("request_control")
    await_event(host, "control_put", "control", requests=[ben.seat])


def board(server: PlainServer, seats: Seats) -> None:
    """The second consult: two cases; marks, key images and chat in each; a guest has control in the end."""
    with Page(server, seats["host"]) as host, Page(server, seats["Eve"]) as eve:
        now = viewport(series_of(host, 0)[0], 5, SOFT)
        host.show(alone(now))
        host.command("put_mark", mark=shape("c1-host", "length", now, (-4, 0), (4, 0), label="first case"))
        eve.command("put_mark", mark=shape("c1-eve", "ellipse", now, (0, 0), (8, 0), (0, 5)))
        other = alone(viewport(series_of(host, 0)[0], 3, LUNG, zoom=1.5))
        eve.command("post_chat", text="Of the first case", view=other)
        host.command("keep_image", viewport=now)
        for case in ("c2", "c1", "c2"):
            switch(host, eve, case)
        images = zip((1, 2, 4, 0), series_of(host, 1), strict=True)
        pictures = [viewport(s, n, None if s["colour"] else (300.0, 600.0)) for n, s in images]
        other_case(host, eve, pictures)
        host.command("grant_control", seat=eve.seat)
        await_event(eve, "control_put", "control", seat=eve.seat)
        eve.show(beside(pictures[0], {**pictures[1], "id": "b"}, "a"))


def switch(host: Page, eve: Page, case: str) -> None:
    """Go to a case, and wait until the other one knows."""
    host.command("switch_case", to=case)
    await_event(eve, "case_switched", case=case)


def await_event(page: Page, kind: str, record: str = "", **wanted: Any) -> None:
    """Wait for an event whose record has these values."""

    def is_it(message: Message) -> bool:
        if message["type"] != "event" or message["event"]["type"] != kind:
            return False
        found = message["event"][record] if record else message["event"]
        return all(found[name] == value for name, value in wanted.items())

    page.until(is_it)


def other_case(host: Page, eve: Page, pictures: list[Message]) -> None:
    """A mark, a key image and a chat message on each series of the second case."""
    for number, picture in enumerate(pictures):
        host.show(alone(picture))
        place = (float(number + 1), 2.0)
        eve.command("put_mark", mark=shape(f"c2-eve-{number}", "probe", picture, place, label=f"series {number}"))
        host.command("put_mark", mark=shape(f"c2-host-{number}", "arrow", picture, place, (6.0, 7.0)))
        eve.command("keep_image", viewport=picture)
        host.command("post_chat", text=f"Series {number}", view=alone(picture))


def ended(server: PlainServer, seats: Seats) -> None:
    """The third consult: over."""
    with Page(server, seats["host"]) as host, Page(server, seats["Ida"]) as ida:
        shown = viewport(series_of(host, 0)[0], 2, LUNG)
        host.show(alone(shown))
        ida.command("put_mark", mark=shape("i-text", "text", shown, (1, 1), label="done"))
        ida.command("keep_image", viewport=shown)
        ida.command("post_chat", text="Goodbye", view=alone(shown))
        host.command("end_consult")


def invite(server: PlainServer, consult: str, **wanted: Any) -> str:
    """A new link: its path and fragment."""
    link: str = server.api("POST", f"consults/{consult}/invitations", **wanted)["url"]
    return link.removeprefix(server.address)


def close_links(server: PlainServer, consult: str) -> list[Message]:
    """A link that is revoked while somebody sits there, and one that expires; what is known of each."""
    revoked = invite(server, consult, role="participant", label="wrong address")
    server.take_seat(revoked, "Zoe")
    server.api("DELETE", f"consults/{consult}/invitations", invitation=revoked.split("/")[3].partition("#")[0])
    expired = invite(server, consult, role="participant", label="too late", expires_in_s=0.2)
    while server.preview(expired).status_code != 410:
        pass
    return [{"link": revoked, "code": "revoked"}, {"link": expired, "code": "expired"}]


def open_consult(server: PlainServer, guests: list[str], **wanted: Any) -> tuple[str, dict[str, Message], Seats]:
    """A new consult; its id, how each came in, and their seats. The host is "host"."""
    found = server.api("POST", "consults", **wanted)
    links = {link["role"]: link["url"].removeprefix(server.address) for link in found["links"]}
    entrances: dict[str, Message] = {"host": {"link": links["host"], "name": wanted["host_name"]}}
    for guest in guests:
        link = links["participant"]
        if guest == "Vera":
            link = invite(server, found["consult"], role="viewer", label="Pathology")
        entrances[guest] = {"link": link, "name": guest}
    seats = {name: server.take_seat(entrance["link"], entrance["name"]) for name, entrance in entrances.items()}
    for name, seat in seats.items():
        entrances[name] |= {"seat": seat.id, "cookies": seat.cookies}
    return found["consult"], entrances, seats


def live(data: Path, command: list[str], studies: tuple[str, str, str]) -> Message:
    """All three consults, and the server stopped; what people have of them."""
    now, prior, other = studies
    with PlainServer(data, command) as server:
        first, entrances, seats = open_consult(
            server, ["Ann Kim", "Ben", "Vera", "Max"],
            studies=[now, prior], title="Lung nodule, follow-up", host_name="Dr. Hansen",
        )
        repeat = follow_up(server, first, seats)
        entrances["Ben"]["name"] = "Ben Okafor"
        known: Message = {first: {"seats": entrances, "closed": close_links(server, first), "repeat": repeat}}
        second, entrances, seats = open_consult(
            server, ["Eve"], studies=[now], more_cases=[[other]], title="Tumour board – Łódź", host_name="Dr. Lindqvist"
        )
        board(server, seats)
        known[second] = {"seats": entrances, "closed": []}
        third, entrances, seats = open_consult(server, ["Ida"], studies=[prior], title="", host_name="Dr. Over")
        ended(server, seats)
        known[third] = {"seats": entrances, "closed": [{"link": entrances["host"]["link"], "code": "over"}]}
        return known


# What the old version makes of it, opened again.


def ask_old(data: Path, command: list[str], known: Message) -> Message:
    """expected.json. Works on a copy: it changes the data."""
    with PlainServer(data, command) as server, ExitStack() as stack:
        found: Message = {
            "token": server.token,
            "studies": server.api("GET", "studies")["studies"],
            "consults": [strip(server, consult) for consult in server.api("GET", "consults")["consults"]],
        }
        for consult, has in known.items():
            links = server.api("GET", f"consults/{consult}/invitations")
            has["invitations"] = {state: [strip(server, link) for link in listed] for state, listed in links.items()}
            if any(closed["code"] == "over" for closed in has["closed"]):
                continue
            seats = {n: Seat(s["seat"], s["cookies"]) for n, s in has["seats"].items() if n != "Max"}
            pages = {name: stack.enter_context(Page(server, seat)) for name, seat in seats.items()}
            has |= {"welcome": pages["host"].welcome, "stills": pages["host"].stills()}
            has["chat_stills"] = chat_stills(pages, pages["host"].welcome["snapshot"])
        return found | {"known": known}


def strip(server: PlainServer, found: Message) -> Message:
    """Without the address of the server, which is another one each time."""
    return {n: v.removeprefix(server.address) if isinstance(v, str) else v for n, v in found.items()}


def chat_stills(pages: dict[str, Page], snapshot: Message) -> Message:
    """The pictures that chat points to, by the message's id; each shown by whoever has control."""
    driver = next(page for page in pages.values() if page.seat == snapshot["control"]["seat"])
    shown = {}
    for message in snapshot["chat"]:
        if message["view"] is not None:
            if message["case"] != snapshot["current"]:
                driver.command("switch_case", to=message["case"])
                snapshot = {**snapshot, "current": message["case"]}
            driver.show(message["view"])
            shown[message["id"]] = driver.stills()
    return shown


def undo_old(data: Path, command: list[str], known: Message) -> None:
    """What is there after one undo of each of three in the first consult; added to what is known. Works on a copy."""
    has = next(iter(known.values()))
    with PlainServer(data, command) as server:
        seats = {name: Seat(entrance["seat"], entrance["cookies"]) for name, entrance in has["seats"].items()}
        for name in ("host", "Ann Kim", "Ben"):
            with Page(server, seats[name]) as page:
                page.command("undo")
        with Page(server, seats["host"]) as page:
            has["undone"] = {name: page.welcome["snapshot"][name] for name in ("marks", "key_images")}


# As files that can be read.


def dump(path: Path) -> str:
    """The database in SQL. Blobs that are JSON stand there as text: the same bytes."""
    with sqlite3.connect(path) as database:
        script = "\n".join(database.iterdump()) + "\n"
    return re.sub(r"X'([0-9A-Fa-f]+)'", lambda found: blob(found[1]), script)


def blob(hexadecimal: str) -> str:
    """A blob as an SQL expression: readable where it is JSON."""
    data = bytes.fromhex(hexadecimal)
    if not data.startswith(b"{") or b"\0" in data:
        return f"X'{hexadecimal}'"
    return "CAST('{}' AS BLOB)".format(data.decode().replace("'", "''"))


def write_json(path: Path, found: Message) -> None:
    """Indented, but a list of numbers or of points on one line."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    packed = re.sub(r"\[[-\d.eE,\s\[\]]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)
    path.write_text(packed + "\n", encoding="utf-8")
    assert json.loads(packed) == found


def put_files(data: Path, found: Message) -> None:
    """The data directory and what the old version makes of it, beside this file."""
    for folder in ("objects", "volumes", "thumbnails"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        if (data / folder).is_dir():
            shutil.copytree(data / folder, HERE / folder)
    (HERE / "key.hex").write_text((data / "key").read_bytes().hex() + "\n")
    for name in ("log", "index"):
        (HERE / f"{name}.sql").write_text(dump(data / f"{name}.sqlite"), encoding="utf-8")
    write_json(HERE / "expected.json", found)


def main(consult: str) -> None:
    """Make it all with this command."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        data = work / "data"
        studies = write_studies(work)
        folders = [str(work / name) for name in ("ct", "prior", "mr")]
        subprocess.run([consult, "import", "--data", str(data), *folders], check=True)
        known = live(data, [consult], studies)
        found = ask_old(shutil.copytree(data, work / "asked"), [consult], known)
        undo_old(shutil.copytree(data, work / "undone"), [consult], known)
        put_files(data, found)


if __name__ == "__main__":
    main(sys.argv[1])
