"""What a loss does: each answer is computed from its curve, and comes with its evidence and a sentence.

A regression loss is looked at along the residual r, for one true value; a binary one along the score z, by label.
Answers hold for residuals and scores of up to a million, and for what lies between the points that are looked at only
as far as these tell: 2,001 within 10 of 0, 50 beyond, and both sides of each place where the formula may jump.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from core.expression.conditional_risk import ConditionalRisk
from core.expression.curve import WINDOW, LossLine
from core.expression.expression import Expression
from core.expression.finding import ROUNDING, Finding, few_digits, region_text, stretches
from core.expression.node import NAME, NUMBER, Node
from core.expression.text import text_of
from core.sentences import join_words

TRUTH = 1.0  # at which a regression loss is looked at that depends on more than the residual
FLAT = 1e-3  # a slope of less than this share of the usual one is no slope to train on
NARROW = 0.1  # flat regions that are narrower are points
FAR, FARTHEST = 1e5, 1e6
STRETCH = np.linspace(0.0, 10.0, 101)  # in which a wave that is seen far out goes up and down
SIDES = {"left": -1.0, "right": 1.0}


def regression_line(expression: Expression, truth: float = TRUTH, /, **params: float) -> LossLine:
    """A regression loss along its residual, for one true value."""
    given: dict[str, Any] = {"y": truth, **params}
    return LossLine(expression.of_family(), "p", lambda x: {"p": truth + x, **given})


def score_line(expression: Expression, label: int, /, **params: float) -> LossLine:
    """A binary loss along its score, for one label."""
    given: dict[str, Any] = {"y": float(label), **params}
    return LossLine(expression.of_family(), "z", lambda x: {"z": x, **given})


def diagnose_regression(expression: Expression, truth: float = TRUTH, /, **params: float) -> dict[str, Finding]:
    """Findings about a regression loss, by key; TypeError and ValueError as of `Expression.value`."""
    line = regression_line(expression, truth, **params)
    questions = (finite, least, convexity, smoothness, growth, bounded_below, symmetry, flatness, steepness)
    with np.errstate(all="ignore"):  # a loss may be infinite anywhere
        return {found.key: found for question in questions for found in [question(line, "r")]}


def diagnose_binary(expression: Expression, /, **params: float) -> dict[str, Finding]:
    """Findings about a binary loss, by key: those on its curve for a label of 1, and what it makes of probabilities."""
    line = score_line(expression, 1, **params)
    questions = (finite, convexity, smoothness, growth, bounded_below, flatness, steepness)
    risk = ConditionalRisk(line, score_line(expression, 0, **params))
    with np.errstate(all="ignore"):  # a loss may be infinite anywhere
        found = {one.key: one for question in questions for one in [question(line, "z")]}
        return found | {one.key: one for one in risk.findings()}


@lru_cache(maxsize=64)
def diagnosis(
    expression: Expression, family: str, params: tuple[tuple[str, float], ...], truth: float = TRUTH
) -> Mapping[str, Finding]:
    """The findings about a loss of a family, by key, kept for whoever asks again.

    params: names and values. truth: at which a regression loss is looked at.
    """
    if family == "binary":
        return diagnose_binary(expression, **dict(params))
    return diagnose_regression(expression, truth, **dict(params))


def finite(line: LossLine, symbol: str) -> Finding:
    """ "everywhere"; "until it overflows", far out; or "not everywhere"."""
    near = np.abs(line.x) <= WINDOW
    bad = ~np.isfinite(line.values)
    if not bad.any():
        return Finding("finite", "everywhere", "It is finite everywhere")
    inside = bad & near
    at = line.x[inside] if inside.any() else line.x[bad]
    place = float(at[np.argmin(np.abs(at))])
    culprit = first_not_finite(line, place)
    regions = stretches(line.x, bad)
    evidence = {"regions": regions, "place": place, "term": culprit}
    if not inside.any():
        place = first_overflow(line, place)
        evidence["place"] = place
        sentence = f"It is too large for a 64-bit number from {symbol} = {few_digits(place)} on, by {culprit}"
        return Finding("finite", "until it overflows", sentence, evidence)
    where = join_words([region_text(symbol, region, line) for region in regions])
    return Finding("finite", "not everywhere", f"It has no finite value for {where}: {culprit} has none", evidence)


def first_overflow(line: LossLine, bad: float) -> float:
    """Where between 0 and this place the value stops being finite."""
    good = 0.0
    for _ in range(60):
        middle = 0.5 * (good + bad)
        good, bad = (middle, bad) if np.isfinite(line.value(np.array([middle]))[0]) else (good, middle)
    return bad


def first_not_finite(line: LossLine, place: float) -> str:
    """The innermost part of the formula that has no finite value at a place where all of its own parts have one."""
    at = np.array([place])

    def fine(node: Node) -> bool:
        return bool(np.isfinite(line.expression.part(node).value(**line.given(at))).all())

    found = line.expression.root
    while inner := [one for one in found.arguments if one.kind not in (NUMBER, NAME) and not fine(one)]:
        found = inner[0]
    return text_of(found)


def least(line: LossLine, symbol: str) -> Finding:
    """Whether the loss is least at a residual of 0: "yes", "there and elsewhere", "no", or "nowhere"."""
    x, values = line.x, np.where(np.isnan(line.values), np.inf, line.values)
    near = np.abs(x) <= WINDOW
    if depth_place(line) is not None or not np.isfinite(values[near]).any():
        return Finding("least", "nowhere", "It has no least value", {"place": depth_place(line)})
    zero, lowest = float(line.value(np.zeros(1))[0]), values.min()
    size = np.ptp(values[near & np.isfinite(values)]) + abs(lowest)
    if zero <= lowest + ROUNDING * size:
        regions = [region for region in lowest_regions(line, lowest, size) if region != (0.0, 0.0)]
        if regions:
            where = join_words([region_text(symbol, region, line) for region in regions[:4]])
            sentence = f"It is least at {symbol} = 0, and as low for {where}"
            return Finding("least", "there and elsewhere", sentence, {"value": zero, "regions": regions})
        return Finding("least", "yes", f"It is least at {symbol} = 0: {few_digits(zero)}", {"value": zero})
    place, value = lowest_point(line)
    if abs(place) > FAR:
        sentence = f"It is the lower the farther {symbol} is {'above' if place > 0 else 'below'} 0"
        return Finding("least", "no", sentence, {"place": np.copysign(np.inf, place), "value": value, "at zero": zero})
    sentence = (
        f"It is least at {symbol} = {few_digits(place)}, not at 0: there it is lower by {few_digits(zero - value)}"
    )
    return Finding("least", "no", sentence, {"place": place, "value": value, "at zero": zero})


def lowest_regions(line: LossLine, lowest: float, size: float) -> list[tuple[float, float]]:
    """Where in the window the value is the lowest: stretches on which it is the same, and points; 0 is (0, 0)."""
    there = (np.abs(line.x) <= WINDOW) & np.isfinite(line.values)
    x, values = line.x[there], line.values[there]
    found = []
    for low, high in valley_regions(x, values):
        if high - low > NARROW:
            found.append((low, high))
        elif low <= 0 <= high:
            found.append((0.0, 0.0))
        else:
            place, value = lowest_between(line, int(np.searchsorted(x, low)), int(np.searchsorted(x, high)), x)
            if value <= lowest + ROUNDING * size:
                found.append((place, place))
    return [region for region in found if line.value(np.array([region[0]]))[0] <= lowest + ROUNDING * size]


def lowest_between(line: LossLine, first: int, last: int, x: np.ndarray) -> tuple[float, float]:
    """The place and the value of the minimum between the neighbours of two points of x, where there is one valley."""
    low, high = x[max(first - 1, 0)], x[min(last + 1, len(x) - 1)]
    found = minimize_scalar(
        lambda at: float(line.value(np.array([at]))[0]), bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    )
    at_first = float(line.value(x[first : first + 1])[0])
    return (float(found.x), float(found.fun)) if found.fun < at_first else (float(x[first]), at_first)


def lowest_point(line: LossLine) -> tuple[float, float]:
    """The place of the lowest value, and the value."""
    at = int(np.where(np.isnan(line.values), np.inf, line.values).argmin())
    return lowest_between(line, at, at, line.x)


def convexity(line: LossLine, symbol: str) -> Finding:
    """ "convex", "quasi-convex" (one valley), "several valleys", "no valley", or "not defined"."""
    there = np.isfinite(line.values) & np.isfinite(line.slopes)
    x, values, slopes = line.x[there], line.values[there], line.slopes[there]
    if len(x) < 3:
        return Finding("convexity", "not defined", "It has hardly any finite value", {})
    jumps = [corner for corner in line.corners if corner.kind in ("jump", "pole")]
    # A corner's own slope is one of many: its sides decide.
    beside = np.isin(x, line.suspects, invert=True)
    drops = np.diff(slopes[beside])
    size = np.abs(slopes[beside])
    falls = drops < -1e-7 * (np.maximum(size[1:], size[:-1]) + 1e-6 * usual_slope(line))
    valleys = valley_regions(x, values)
    if not falls.any() and not jumps:
        return Finding(
            "convexity", "convex", "It is convex: a fit of a line has no false minimum", {"valleys": valleys}
        )
    place = jumps[0].place if jumps else float(x[beside][1:][falls][np.abs(x[beside][1:][falls]).argmin()])
    evidence = {"place": place, "valleys": valleys}
    what = "value jumps" if jumps else "slope falls"
    why = f"its {what} at {symbol} = {few_digits(place)}"
    if len(valleys) > 1:
        near = [valley for valley in valleys if abs(valley[0]) <= WINDOW] or valleys
        places = join_words([few_digits(0.5 * (low + high)) for low, high in near[:4]])
        sentence = f"It has several valleys, as at {symbol} = {places}: where a descent ends depends on its start"
        return Finding("convexity", "several valleys", sentence, evidence)
    if not valleys or depth_place(line) is not None:
        return Finding("convexity", "no valley", f"It is not convex ({why}) and has no lowest point", evidence)
    sentence = f"It is not convex ({why}), but has one valley; a fit to several points may have several"
    return Finding("convexity", "quasi-convex", sentence, evidence)


def valley_regions(x: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    """The ends of each lowest stretch: before it the values fall, after it they rise, or the line ends."""
    size = ROUNDING * (np.abs(values[1:]) + np.abs(values[:-1])) * 1e-3
    steps = np.where(np.abs(np.diff(values)) <= size, 0, np.sign(np.diff(values)))
    moves = np.flatnonzero(steps)
    if len(moves) == 0:
        return [(float(x[0]), float(x[-1]))]
    found = []
    for before, after in pairwise(moves):
        if steps[before] < 0 < steps[after]:
            found.append((float(x[before + 1]), float(x[after])))
    # A stretch that the line begins or ends with is one too, unless the loss still falls there.
    if steps[moves[0]] > 0 and moves[0] > 0:
        found.insert(0, (float(x[0]), float(x[moves[0]])))
    if steps[moves[-1]] < 0 and moves[-1] < len(steps) - 1:
        found.append((float(x[moves[-1] + 1]), float(x[-1])))
    return found


def smoothness(line: LossLine, symbol: str) -> Finding:
    """ "poles", "jumps", "corners", "smooth but for its curvature", or "smooth"; the evidence has every place."""
    found = {kind: [one for one in line.corners if one.kind == kind] for kind in KINDS}
    evidence = {kind: [(one.place, one.left, one.right) for one in every] for kind, every in found.items()}
    kind = next((kind for kind in KINDS if found[kind]), "")
    if not kind:
        return Finding("smoothness", "smooth", "It is smooth everywhere", evidence)
    places = join_words([few_digits(one.place) for one in found[kind][:4]])
    answer, sentence = KINDS[kind]
    sentence = f"{sentence} at {symbol} = {places}"
    if kind == "corner" and len(found[kind]) == 1:
        _, left, right = evidence[kind][0]
        sentence += f": there the slope jumps from {few_digits(left)} to {few_digits(right)}"
    return Finding("smoothness", answer, sentence, evidence)


KINDS = {
    "pole": ("poles", "Its value is infinite"),
    "jump": ("jumps", "Its value jumps"),
    "corner": ("corners", "It has a corner"),
    "curvature": ("smooth but for its curvature", "It has no corner; its curvature jumps"),
}
GROWTHS = {  # from the least to the most: how a sentence says it, and what it does to outliers
    "falls": ("falls without end", "so that nothing can be fitted"),
    "oscillating": ("goes up and down", "so that the effect of an outlier depends on where it happens to lie"),
    "bounded": ("stays bounded", "so that an outlier has less effect the farther it lies, and in the end none"),
    "redescending": ("grows ever more slowly", "so that an outlier has less effect the farther it lies"),
    "linear": ("grows linearly", "so that an outlier counts as much as any other point on its side"),
    "between linear and quadratic": (
        "grows faster than linearly",
        "so that an outlier counts more the farther it lies",
    ),
    "quadratic": ("grows quadratically", "so that the effect of an outlier is in proportion to its error"),
    "faster than quadratic": ("grows faster than quadratically", "so that outliers decide everything"),
}


def growth(line: LossLine, symbol: str) -> Finding:
    """How the loss grows on the side where it grows most: a key of GROWTHS. The evidence has both sides."""
    sides = {name: growth_on(line, sign) for name, sign in SIDES.items()}
    evidence = {name: {"growth": kind, "exponent": exponent} for name, (kind, exponent) in sides.items()}
    known = {name: kind for name, (kind, _) in sides.items() if kind in GROWTHS}
    if not known:
        return Finding("growth", "not defined", "Far out it has no value on either side", evidence)
    first, *others = sorted(known, key=lambda name: -list(GROWTHS).index(known[name]))
    phrase, effect = GROWTHS[known[first]]
    if len({kind for kind, _ in sides.values()}) == 1:
        return Finding("growth", known[first], f"Far out it {phrase}, {effect}", evidence)
    beyond = {"left": f"for {symbol} < 0", "right": f"for {symbol} > 0"}
    sentence = f"Far out it {phrase} {beyond[first]}, {effect}"
    for other in others:
        sentence += f"; {beyond[other]} it {GROWTHS[known[other]][0]}"
    return Finding("growth", known[first], sentence, evidence)


def growth_on(line: LossLine, sign: float) -> tuple[str, float]:
    """How the loss grows on one side, and the power of x by which its value does; NaN where that has no meaning."""
    x = sign * np.geomspace(1e3, 1e6, 4)
    values, slopes = line.value(x), sign * line.slope(x)
    if np.isnan(values).any():
        return "not defined", np.nan
    if np.isneginf(values).any():
        return "falls", np.inf
    if not np.isfinite(values).all() or not np.isfinite(slopes).all():
        return "faster than quadratic", np.inf
    period = sign * line.slope(sign * (1e3 + STRETCH))
    if (period > 0).any() and (period < 0).any():
        return "oscillating", np.nan
    if np.ptp(values) <= ROUNDING * (1 + np.abs(values).max()) or slopes[0] == 0 or slopes[-1] == 0:
        return "bounded", 0.0
    # The slope grows as x to the power less 1. (The value itself may have a constant added.)
    power = 1 + float(np.log10(abs(slopes[-1] / slopes[0]))) / 3
    if power < -0.02:
        return "bounded", power
    if slopes[-1] < 0:
        return "falls", power
    kinds = ((0.98, "redescending"), (1.02, "linear"), (1.98, "between linear and quadratic"), (2.02, "quadratic"))
    return next((name for end, name in kinds if power < end), "faster than quadratic"), power


def depth_place(line: LossLine) -> float | None:
    """Where the loss falls without end: at a pole, or far out; None where it does not."""
    for corner in line.corners:
        if -np.inf in (corner.left, corner.right) and corner.kind == "pole":
            return corner.place
    for place in line.suspects.tolist():  # the end of a domain has one side only
        if any(line.limit(line.value, place, side) == -np.inf for side in SIDES.values()):
            return place
    if np.isneginf(line.values).any():
        return float(line.x[np.isneginf(line.values)][0])
    for sign in SIDES.values():
        kind, _ = growth_on(line, sign)
        near, far = (float(line.value(sign * (start + STRETCH)).min()) for start in (1e3, FARTHEST))
        if kind == "falls" or (kind == "oscillating" and far < 2 * near - 1):
            return sign * np.inf
    return None


def bounded_below(line: LossLine, symbol: str) -> Finding:
    """ "yes" or "no"."""
    place = depth_place(line)
    if not np.isfinite(line.values).any():
        return Finding("bounded below", "not defined", "It has no finite value", {})
    if place is None:
        lowest = lowest_point(line)[1]
        return Finding("bounded below", "yes", f"It is never below {few_digits(lowest)}", {"value": lowest})
    if np.isfinite(place):
        sentence = f"It has no lower bound: it falls without end towards {symbol} = {few_digits(place)}"
        return Finding("bounded below", "no", sentence, {"place": place})
    far = np.sign(place) * FARTHEST
    value = float(line.value(far + np.sign(place) * STRETCH).min())
    sentence = f"It has no lower bound: near {symbol} = {few_digits(far)} it is {few_digits(value)}"
    return Finding("bounded below", "no", sentence, {"place": place, "value": value})


def symmetry(line: LossLine, symbol: str) -> Finding:
    """ "symmetric" or "asymmetric"; the evidence has the place where both sides differ most, relative to their size."""
    x = line.x[line.x > 0]
    right, left = line.value(x), line.value(-x)
    both = np.isfinite(right) & np.isfinite(left)
    if not both.any() or not np.array_equal(np.isnan(right), np.isnan(left)):
        return Finding(
            "symmetry", "asymmetric", f"It is not symmetric: it has values on one side of {symbol} = 0 only", {}
        )
    x, right, left = x[both], right[both], left[both]
    size = np.abs(right) + np.abs(left)
    apart = np.abs(right - left) / (size + 1e-6 * (size[x <= 1.0].max(initial=0.0) + ROUNDING))
    if apart.max() <= ROUNDING:
        return Finding("symmetry", "symmetric", "It is symmetric: an error costs the same in both directions", {})
    unit = int(np.abs(x - 1.0).argmin())
    cheap, dear = sorted(((float(left[unit]), "too low"), (float(right[unit]), "too high")))
    evidence = {"at": float(x[unit]), "left": float(left[unit]), "right": float(right[unit])}
    if cheap[0] > 0 and dear[0] > cheap[0]:
        ratio = few_digits(dear[0] / cheap[0])
        sentence = f"It is not symmetric: by 1 {dear[1]} costs {ratio} times as much as by 1 {cheap[1]}"
    else:
        costs = f"by 1 too low costs {few_digits(left[unit])}, by 1 too high {few_digits(right[unit])}"
        sentence = f"It is not symmetric: {costs}"
    return Finding("symmetry", "asymmetric", sentence, evidence)


def usual_slope(line: LossLine) -> float:
    """A slope that is large near 0; where the loss is flat there, in the window; 0 if it is flat everywhere."""
    sizes = np.where(np.isfinite(line.slopes), np.abs(line.slopes), 0.0)
    for share, reach in ((0.9, 2.0), (0.9, WINDOW), (1.0, np.inf)):  # towards a pole there is no largest
        steep = sizes[(np.abs(line.x) <= reach) & (sizes > 0)]
        if steep.size:
            return float(np.quantile(steep, share))
    return 0.0


def flatness(line: LossLine, symbol: str) -> Finding:
    """Whether there is hardly a slope: "nowhere", "at the bottom" alone, "away from the bottom", or "everywhere"."""
    usual = usual_slope(line)
    if not np.isfinite(line.values).any():
        return Finding("flatness", "not defined", "It has no finite value that could change", {})
    near = np.abs(line.x) <= WINDOW
    x, values, slopes = line.x[near], line.values[near], line.slopes[near]
    if usual == 0 or not (np.abs(slopes) > FLAT * usual).any():
        return Finding(
            "flatness", "everywhere", "It is flat: nothing can be trained on it", {"regions": [(-WINDOW, WINDOW)]}
        )
    flat = np.isfinite(slopes) & (np.abs(slopes) <= FLAT * usual)
    regions = [region for region in stretches(x, flat) if region[1] - region[0] > NARROW]
    lowest = float(np.nanmin(np.where(np.isfinite(values), values, np.nan)))
    size = float(np.ptp(values[np.isfinite(values)]))
    high = [
        (low, end) for low, end in regions if values[(x >= low) & (x <= end)].min() > lowest + FLAT * min(size, usual)
    ]
    evidence = {"regions": regions, "stalling": high}
    if high:
        where = join_words([region_text(symbol, region, line) for region in high])
        sentence = f"It is nearly flat for {where}: there training stalls"
        return Finding("flatness", "away from the bottom", sentence, evidence)
    if regions:
        where = join_words([region_text(symbol, region, line) for region in regions])
        return Finding("flatness", "at the bottom", f"It is flat where it is least, for {where}", evidence)
    return Finding("flatness", "nowhere", "It is flat in single points at most", evidence)


def steepness(line: LossLine, symbol: str) -> Finding:
    """Whether the gradient is "bounded", "grows" in proportion to the error, or "explodes": at a place, or far out."""
    for place in line.suspects.tolist():
        if any(np.isinf(line.limit(line.slope, place, side)) for side in SIDES.values()):
            sentence = f"Its gradient is infinite at {symbol} = {few_digits(place)}"
            return Finding("steepness", "explodes", sentence, {"place": place})
    powers = [power for _, power in (growth_on(line, sign) for sign in SIDES.values()) if not np.isnan(power)]
    power = max(powers, default=0.0)
    at_window = float(np.nan_to_num(np.abs(line.slope(np.array([-WINDOW, WINDOW]))), nan=0.0).max())
    evidence = {"power": power - 1, "at the end of the window": at_window}
    end = f"at {few_digits(WINDOW)} from 0 it is {few_digits(at_window)}"
    if power > 2.02:
        return Finding("steepness", "explodes", f"Its gradient explodes: {end}", evidence)
    if power > 1.02:
        return Finding("steepness", "grows", f"Its gradient grows with the error: {end}", evidence)
    most = float(np.abs(line.slopes[np.isfinite(line.slopes)]).max(initial=0.0))
    return Finding("steepness", "bounded", f"Its gradient is never more than {few_digits(most)}", {"most": most})
