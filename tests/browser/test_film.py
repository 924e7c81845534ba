"""What is saved as an image that moves or stands: whole, each thing named once, and the stage stays where it was."""

import base64
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.stage.files import FILM
from tests.browser.stage import Open, button, drawn, quiet, ready
from tests.browser.test_saved import saved
from tests.places import PLACES

Box = dict[str, Any]

WATCH = """() => {
  const pen = CanvasRenderingContext2D.prototype, {fillText} = pen, {toImage} = window.Plotly
  window.words = []
  pen.fillText = function (text, x, y) {
    const scale = this.getTransform().a, {width} = this.measureText(text)
    const left = this.textAlign === 'right' ? x - width : x
    const {width: right, height: bottom} = this.canvas
    window.words.push({text, left: left * scale, right: (left + width) * scale, y: y * scale, room: [right, bottom]})
    return fillText.call(this, text, x, y)
  }
  window.charts = []
  window.Plotly.toImage = async (...given) => {
    const address = await toImage(...given)
    window.charts.push(address)
    return address
  }
}"""
# The boxes of all that is written in the chart's own image, and that image's.
CHART = """address => {
  const box = document.createElement('div')
  box.innerHTML = decodeURIComponent(address.slice(address.indexOf(',') + 1))
  box.style = 'position: fixed; left: 0; top: 0; z-index: 9'
  document.body.append(box)
  const place = node => {
    const {left, top, right, bottom} = node.getBoundingClientRect()
    return {text: node.textContent, left, top, right, bottom}
  }
  const found = {whole: place(box.firstChild),
    texts: [...box.querySelectorAll('text')].filter(text => text.textContent.trim()).map(place),
    titles: [...box.querySelectorAll('.annotation-text')].map(place)}
  box.remove()
  return found
}"""
SETTINGS = """() => [...document.querySelectorAll('.stage-slider')].map(box =>
  `${box.querySelector('label').textContent} = ${box.querySelector('[type=range]').getAttribute('aria-valuetext')}`)"""
FRAMES = """async film => {
  const video = document.createElement('video')
  video.src = URL.createObjectURL(await (await fetch(film)).blob())
  await new Promise((done, fail) => { video.onloadeddata = done; video.onerror = () => fail(video.error.message) })
  const {videoWidth: width, videoHeight: height, duration} = video, seen = []
  const canvas = document.createElement('canvas')
  Object.assign(canvas, {width, height})
  for (const time of [0, duration / 2]) {
    await new Promise(done => { video.onseeked = done; video.currentTime = time })
    const pen = canvas.getContext('2d')
    pen.drawImage(video, 0, 0)
    seen.push(pen.getImageData(0, 0, width, height).data)
  }
  return {width, height, duration, differing: seen[0].filter((byte, i) => Math.abs(byte - seen[1][i]) > 40).length}
}"""


def gif_frames(content: bytes) -> list[int]:
    """For how many hundredths of a second each frame of a GIF is shown."""
    assert content[:6] == b"GIF89a"
    delays: list[int] = []
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    while content[at] != 0x3B:
        if content[at] == 0x21 and content[at + 1] == 0xF9:
            delays.append(int.from_bytes(content[at + 4 : at + 6], "little"))
        if content[at] == 0x2C:
            table = content[at + 9]
            at += 11 + (3 << (table & 7) + 1 if table & 0x80 else 0)
        else:
            at += 2
        while content[at]:
            at += 1 + content[at]
        at += 1
    return delays


def made(page: Page, kind: str, moves: str) -> Path:
    """The film of a slider, by the dialog."""
    dialog = page.get_by_role("dialog", name="Save as a film")
    if not dialog.is_visible():
        button(page, "Film").click()
    dialog.get_by_label("What moves").select_option(moves)
    dialog.get_by_label("File").select_option(kind)
    start = dialog.get_by_role("button", name="Make the film")
    expect(start).to_be_enabled()
    with page.expect_download() as download:
        start.click()
    expect(dialog.get_by_role("status")).to_contain_text("The film is saved")
    assert download.value.suggested_filename == f"lossarium-guess_the_number-{moves}.{kind}"
    return download.value.path()


def inside(box: Box, whole: Box) -> bool:
    left, top = box["left"] - whole.get("left", 0), box["top"] - whole.get("top", 0)
    return min(left, top) >= 0 and box["right"] <= whole["right"] + 1 and box["bottom"] <= whole["bottom"] + 1


def overlap(one: Box, other: Box) -> bool:
    across = one["left"] < other["right"] and other["left"] < one["right"]
    return across and one["top"] < other["bottom"] and other["top"] < one["bottom"]


@pytest.mark.parametrize(("place", "scheme"), [("race", "dark"), ("ground-line", "light")])
def test_a_png_is_whole_and_names_each_thing_once(place: str, scheme: str, visit: Open) -> None:
    page = ready(visit(PLACES[place].address, color_scheme=scheme).page)
    page.evaluate(WATCH)
    saved(page, "PNG", "button")
    # A surface writes on canvases of its own.
    words = [word for word in page.evaluate("words") if word["room"][0] == 2200]
    text = " ".join(word["text"] for word in words)
    curves = page.locator(".stage-readings tbody tr:not(:has(.stage-none)) th").all_inner_texts()
    marks = [mark.strip() for mark in page.locator(".stage-legend li").evaluate_all(
        "marks => marks.map(mark => mark.lastChild.textContent)")]  # fmt: skip
    assert len(curves) + len(marks) >= 3
    for name in [page.locator(".stage-picture").get_attribute("aria-label"), *page.evaluate(SETTINGS), *curves, *marks]:
        assert name in text
    assert all([word["text"] for word in words].count(curve) == 1 for curve in curves)
    for word in words:
        right, bottom = word["room"]
        assert inside(word | {"top": word["y"], "bottom": word["y"]}, {"right": right, "bottom": bottom})
    for one, other in pairwise(words):
        assert one["y"] != other["y"] or one["right"] < other["left"]
    for address in page.evaluate("charts"):
        chart = page.evaluate(CHART, address)
        assert [text["text"] for text in chart["texts"] if not inside(text, chart["whole"])] == []
        assert [one["text"] for one, other in combinations(chart["titles"], 2) if overlap(one, other)] == []


def test_a_film_of_the_timeline(visit: Open) -> None:
    page, seen = quiet(visit, PLACES["home"].address)
    assert not any(request.url.endswith(tuple(FILM.values())) for request in seen.requests)
    before, values, address = drawn(page), page.evaluate(SETTINGS), page.url
    video = base64.b64encode(made(page, "webm", "step").read_bytes()).decode()
    delays = gif_frames(made(page, "gif", "outlier").read_bytes())
    assert len(delays) == 6
    assert sum(delays) == pytest.approx(100 * (5 / 12 + 1.5), abs=1)

    page.get_by_label("What moves").select_option("step")
    page.get_by_role("dialog").get_by_role("button", name="Make the film").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert (drawn(page), page.evaluate(SETTINGS), page.url) == (before, values, address)

    player = page.context.new_page()
    try:
        film = player.evaluate(FRAMES, f"data:video/webm;base64,{video}")
    finally:
        player.close()
    assert film["width"] == 1100
    assert film["height"] % 2 == 0
    assert film["height"] > 400
    assert film["duration"] == pytest.approx(30 / 8 + 1.5, abs=0.1)
    assert film["differing"] > 1000
