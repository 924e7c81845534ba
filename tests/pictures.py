"""Take the pictures of the pages anew: thumbnails for the home page and the README's picture.

Run by `make pictures`, and looked at before they are committed.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pages.site import CARDS
from tests.chromium import FLAGS, chromium
from tests.conftest import ROOT, served

THUMBNAILS = ROOT / "assets" / "thumbnails"
SIZE = {"width": 760, "height": 480}
STAGE, EXAMPLE = ".stage-picture", "[data-testid=stTabs] [data-testid=stColumn]"  # what of a page is shown
PICTURES = {  # of the README
    "loss-curves": "/loss-curves?huber.delta=2",
    "gradient-descent": "/gradient-descent",
    "class-imbalance": "/class-imbalance?threshold=0.2",
    "training-curves": "/training-curves?task=polynomial&capacity=12",
}


def take(page: Page, address: str, selector: str, path: Path) -> None:
    page.goto(address)
    page.wait_for_selector(selector)
    if selector.startswith(".stage"):
        page.wait_for_selector(".stage[data-ready]")
    page.wait_for_timeout(1500)  # fonts and Streamlit's own fade-in
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    width = min(box["width"], 900)
    clip = {"x": box["x"], "y": box["y"], "width": width, "height": width * SIZE["height"] / SIZE["width"]}
    page.screenshot(path=path, clip=clip, scale="css", full_page=True)


def shrink(path: Path) -> None:
    """A picture with at most 256 colours: a third of the bytes, and no difference to the eye."""
    with Image.open(path) as picture:
        few = picture.quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def main() -> None:
    with TemporaryDirectory() as folder, served(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for mode in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme=mode)
            for one, opening in CARDS:
                place = one.address(opening, **opening.thumbnail, question="0")
                file = THUMBNAILS / f"{one.thumbnail(opening)}-{mode}.png"
                take(page, address + place, STAGE if opening.view else EXAMPLE, file)
                shrink(file)
            page.close()
        page = browser.new_page(viewport={"width": 1400, "height": 1080})
        for name, place in PICTURES.items():
            page.goto(f"{address}{place}{'&' if '?' in place else '?'}question=0")
            page.wait_for_selector(".stage[data-ready]")
            page.wait_for_timeout(1500)
            page.screenshot(path=ROOT / "assets" / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
