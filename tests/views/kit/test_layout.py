"""Panels in rows: their gaps, and equal axes."""

from core.views.kit.layout import EDGE, FOOT, GAP, PHONE_GAP, SEAM, Layout, Panel, axis, rows


def panel(height, **more):
    return Panel(axis("x", (0, 1)), axis(ends=(0, 1)), height=height, **more)


def test_the_gaps_between_rows_are_named_for_a_picture_of_another_height():
    tall, loss, sweep, strip = panel(300), panel(100), panel(80), panel(20)
    seam = rows([[sweep], [strip]], gap=SEAM)
    layout = Layout(rows([[tall, rows([[loss], [seam]])]])).wide()
    inner = layout["height"] - EDGE - FOOT
    assert inner == 300
    # The first row takes the height that is left over.
    assert layout["meta"] == {"gaps": [[130, 130 + GAP], [274, 274 + SEAM]]}
    ends = [round((1 - share) * inner) for share in layout["yaxis2"]["domain"]]
    assert ends == [130, 0]


def test_the_gaps_on_a_phone_are_smaller():
    layout = Layout(rows([[panel(200), panel(100)]]))
    assert layout.wide()["meta"] == {"gaps": []}
    assert layout.narrow()["meta"] == {"gaps": [[200, 200 + PHONE_GAP]]}


def test_equal_axes_are_tied_to_each_other():
    layout = Layout(rows([[panel(200, equal=True), panel(200)]])).wide()
    assert layout["yaxis"]["scaleanchor"] == "x"
    assert layout["xaxis"]["constrain"] == layout["yaxis"]["constrain"] == "domain"
    assert "scaleanchor" not in layout["yaxis2"]
