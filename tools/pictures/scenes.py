"""What is done before each picture is taken, as a host with a guest would."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from consult.demo.studies import CURRENT, SOFT_SERIES, truth
from tests.support.marking import choose
from tests.support.on_screen import Point, drag
from tests.support.person import Person

NODULE: Point = truth().nodule_centre[CURRENT.name]
AORTA: Point = truth().aorta_centre[CURRENT.name]
LUNG_WINDOW, SOFT_WINDOW, SUV_0_TO_7 = "2", "1", "2"


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        name: of its file.
        act: what the host does; the picture is taken of the host's page.
    """

    name: str
    act: Callable[[Person], Awaitable[None]]


async def open_series(host: Person, name: str) -> None:
    """By its thumbnail."""
    await host.page.locator("#series .series-item", has_text=name).first.click()
    await host.settled()
    await host.page.locator("#stage").focus()


async def press(host: Person, *keys: str) -> None:
    """Keys of the picture, one after the other."""
    await host.page.locator("#stage").focus()
    for key in keys:
        await host.page.keyboard.press(key)
    await host.settled()


async def go_to(host: Person, z: float) -> None:
    """Scroll to the image nearest to a height."""
    for _ in range(400):
        viewport = (await host.shown())["a"]
        positions = host.series(viewport["shows"]["series"])["grid"]["positions"]
        place = viewport["shows"]["place"]
        best = min(range(len(positions)), key=lambda i: abs(positions[i][2] - z))
        if best == place:
            return
        await host.after(host.page.keyboard.press("ArrowDown" if best > place else "ArrowUp"))


async def lay_out(host: Person, name: str) -> None:
    """By the layout menu."""
    await host.page.get_by_role("button", name=re.compile("^Layout")).click()
    await host.after(host.page.get_by_role("menuitemradio", name=name, exact=True).click())


async def aim_at(host: Person, point: Point) -> None:
    """Drag the crosshair to a point of the patient, in the axial plane."""
    await host.after(drag(host, await crosshair(host), point))


async def crosshair(host: Person) -> Point:
    """Where it is: all planes go through it."""
    shown = await host.shown()
    axial, coronal = (shown[name]["camera"]["center"] for name in ("a", "c"))
    return (axial[0], coronal[1], axial[2])


async def planes(host: Person) -> None:
    """Three planes through the nodule, in a window for the lung."""
    await open_series(host, SOFT_SERIES)
    await go_to(host, NODULE[2])
    await press(host, LUNG_WINDOW, "x")
    await host.page.locator("[data-viewport=c]").wait_for()
    await host.settled()
    await aim_at(host, NODULE)


async def pet_ct(host: Person) -> None:
    """CT, PET and both, with the turning MIP."""
    await open_series(host, SOFT_SERIES)
    await go_to(host, NODULE[2])
    await press(host, SOFT_WINDOW)
    await lay_out(host, "PET/CT 3×3 and turning MIP")
    await host.page.locator("[data-viewport=j]").wait_for()
    await press(host, SUV_0_TO_7)
    await aim_at(host, NODULE)
    x, y, z = NODULE
    await choose(host, "Ellipse")
    await drag(host, (x - 9, y - 9, z), (x + 9, y + 9, z), viewport="g")
    await host.page.locator("[data-mark]").wait_for(state="attached")  # the list is folded beside so many viewports


async def curve(host: Person) -> None:
    """A region in the aorta, and its values over time."""
    await open_series(host, "CT perfusion")
    await go_to(host, AORTA[2])
    await press(host, *["."] * 3)
    await choose(host, "Circle")
    x, y, z = AORTA
    await drag(host, AORTA, (x + 7, y, z))
    await host.page.locator("[data-mark]").wait_for()
    await host.page.get_by_role("button", name="More about").first.click()
    await host.page.get_by_role("menuitem", name="Time-intensity curve").click()
    await host.page.locator(".curve-plot").wait_for()


async def segmentation(host: Person) -> None:
    """Lungs and lesions over the images that they mark."""
    await open_series(host, SOFT_SERIES)
    await go_to(host, NODULE[2])
    await host.page.locator(".series-segmentation").first.click()
    await host.page.get_by_role("button", name=re.compile("^Segmentations")).click()
    await host.page.get_by_role("dialog", name="Segmentations").wait_for()
    await host.settled()


async def mosaic(host: Person) -> None:
    """Nine images in a row, three apart."""
    await open_series(host, SOFT_SERIES)
    await go_to(host, NODULE[2])
    await press(host, LUNG_WINDOW)
    await host.page.get_by_role("button", name=re.compile("^Layout")).click()
    await host.page.get_by_role("menuitemradio", name="Mosaic of this series").click()
    menu = host.page.get_by_role("menu", name="Grid")
    await host.after(menu.get_by_role("menuitemradio", name="3×3", exact=True).click())


async def volume(host: Person) -> None:
    """The bones in 3D, seen from the right and a little from above, beside the planes."""
    await open_series(host, SOFT_SERIES)
    await press(host, SOFT_WINDOW)
    await lay_out(host, "Planes and 3D")
    box = await host.page.locator("[data-viewport=d]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await host.page.mouse.move(x, y)
    await host.page.mouse.down()
    await host.page.mouse.move(x + 70, y + 30)
    await host.page.mouse.up()
    await host.settled()


SCENES = (
    Scene("planes", planes),
    Scene("pet-ct", pet_ct),
    Scene("curve", curve),
    Scene("segmentation", segmentation),
    Scene("mosaic", mosaic),
    Scene("volume", volume),
)
