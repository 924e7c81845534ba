"""/: a card for everything that a row of the site names, with its picture."""

from core.ui.pictures import FOLDER, thumbnail
from pages.site import CARDS
from tests.pages.site import elements, opened


def test_the_home_page_has_a_card_for_every_named_opening():
    links = [e.proto for e in elements(opened("home").main) if getattr(e, "type", "") == "page_link"]
    assert [link.label for link in links] == [f"**{opening.name}**" for _, opening in CARDS]
    queries = ["&".join(f"{name}={text}" for name, text in opening.query.items()) for _, opening in CARDS]
    assert [link.query_string for link in links] == queries


def test_every_thumbnail_belongs_to_a_card():
    names = {f"{page.thumbnail(opening)}-{mode}.png" for page, opening in CARDS for mode in ("light", "dark")}
    assert {file.name for file in FOLDER.iterdir()} <= names


def test_a_card_without_a_thumbnail_yet_stands_alone():
    assert thumbnail("no-such-page", alt="nothing") is None
