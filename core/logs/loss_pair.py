"""Which two columns of a run are compared as training and validation loss, and why."""

from __future__ import annotations

from dataclasses import dataclass

from core.logs.names.meaning import Meaning, is_reward, parse_name
from core.logs.names.vocabulary import ACTOR_CRITIC, ADVERSARIAL, DIVERGENCE
from core.logs.names.words import enumeration
from core.logs.tables.table import Table

MIN_POINTS = 3  # points of a curve, at least
ORDER = {"loss": 0, "cross-entropy": 1, "error": 3}  # which quantity comes first; all others have rank 2
NEED_NOT_FALL = {
    ADVERSARIAL: "the losses of a generator and a discriminator are measured against each other, so neither has to "
    "fall. Look at what is generated.",
    ACTOR_CRITIC: "the losses of a policy and of its critic follow a target that moves, so neither has to fall. Look "
    "at the return.",
    DIVERGENCE: "a divergence rises as its weight is lowered, so it does not have to fall. Look at the total loss.",
}


@dataclass(frozen=True)
class LossPair:
    """The columns of the two losses that are compared."""

    train: str | None
    validation: str | None
    comparable: bool  # both are one quantity
    why: str  # a sentence on why these columns
    need_not_fall: str  # a sentence on why there is no verdict; "" where there may be one


def preferred_loss(table: Table, role: str) -> str | None:
    """The likeliest column for a loss of a role, "train" or "validation"; None where there is none."""
    meanings = table.meanings
    return min(_losses(table, role), key=lambda name: _rank(table, name, meanings[name]), default=None)


def _losses(table: Table, role: str) -> list[str]:
    meanings = table.meanings
    return [name for name in table.curve_names if meanings[name].is_loss and meanings[name].role == role]


def _priority(meaning: Meaning, has_total: bool) -> tuple[bool, bool, bool]:
    """The first sort key: losses that must fall first, then raw curves before averages, then totals before terms."""
    is_part = bool(meaning.part) or (has_total and not meaning.is_total and meaning.quantity != "loss")
    return bool(meaning.need_not_fall), meaning.is_derived, is_part


def _rank(table: Table, name: str, meaning: Meaning) -> tuple[object, ...]:
    """The key for sorting losses of one role: the likeliest first."""
    # What is logged once an epoch comes before what is logged each step, if it is a curve.
    count = len(table.columns[name].rows)
    return (
        *_priority(meaning, False),
        not meaning.is_total,
        ORDER.get(meaning.quantity, 2),
        not parse_name(name).split,  # "train_loss" before a bare "loss"
        meaning.is_test,
        "step" in name.lower() or count < MIN_POINTS,
        -count,
    )


def is_same_quantity(train: Meaning, validation: Meaning) -> bool:
    """True where both are one quantity: both totals, or the same term. A word beside it may be a data set's name."""
    if train.quantity != validation.quantity:
        return False
    if train.part == validation.part:
        return True
    return not (train.part and validation.part) and not (train.is_term or validation.is_term)


def choose_losses(table: Table, train: str | None = None, validation: str | None = None) -> LossPair:
    """The two columns that are compared: those asked for, else those recognised, else the only curve of the table.

    `train`, `validation`: a column that is asked for, "" for no curve, None for the one that is recognised.
    """
    asked = train, validation
    meanings = table.meanings
    own, other = _recognised_pair(table)
    if train is not None or validation is not None:
        own = own if train is None else train or None
        other = _matching_validation(table, own, other) if validation is None else validation or None
    only = False
    if asked == (None, None) and own is None and other is None:
        curves = [
            name for name in table.curve_names if not meanings[name].more_is_better and not meanings[name].is_undirected
        ]
        # Beside accuracies or returns, what is left over need not be a loss: a count, a speed.
        only = len(curves) == 1 and not any(one.more_is_better for one in meanings.values())
        own = curves[0] if only else None
    pair = [meanings[name] for name in (own, other) if name and name in meanings]
    alike = len(pair) < 2 or not all(one.is_loss for one in pair) or is_same_quantity(*pair)
    return LossPair(own, other, alike, _why(table, own, other, alike, only, asked), _why_not_judged(table, own, other))


def _recognised_pair(table: Table) -> tuple[str | None, str | None]:
    meanings = table.meanings
    by_split = {role: _losses(table, role) for role in ("train", "validation")}
    has_total = any(meanings[name].is_total and not meanings[name].part for name in by_split["train"])
    best: dict[str, dict[tuple[str, str], str]] = {role: {} for role in by_split}
    for role, names in by_split.items():
        for name in sorted(names, key=lambda name: _rank(table, name, meanings[name])):
            best[role].setdefault((meanings[name].quantity, meanings[name].part), name)
    pairs = [(own, best["validation"][kind]) for kind, own in best["train"].items() if kind in best["validation"]]

    def score(pair: tuple[str, str]) -> tuple[object, ...]:
        one, other = (meanings[name] for name in pair)
        first, second = _priority(one, has_total), _priority(other, has_total)
        worse = tuple(a or b for a, b in zip(first, second, strict=True))
        return (*worse, _rank(table, pair[0], one), _rank(table, pair[1], other))

    train, validation = preferred_loss(table, "train"), preferred_loss(table, "validation")
    if train is None:
        return None, validation
    pair = min(pairs, key=score, default=None)
    if pair and _priority(meanings[pair[0]], has_total) <= _priority(meanings[train], has_total):
        return pair
    return train, _matching_validation(table, train, validation)


def _matching_validation(table: Table, train: str | None, otherwise: str | None) -> str | None:
    """The validation loss of the same quantity as the training loss, if there is one."""
    meanings = table.meanings
    if train is None or train not in meanings:
        return otherwise
    names = [name for name in _losses(table, "validation") if is_same_quantity(meanings[train], meanings[name])]
    exact = [name for name in names if meanings[name].part == meanings[train].part] or names
    return min(exact, key=lambda name: _rank(table, name, meanings[name]), default=otherwise)


def _why_not_judged(table: Table, train: str | None, validation: str | None) -> str:
    meanings = table.meanings
    taken = [name for name in (train, validation) if name and name in meanings]
    if not taken:
        return ""
    # Those who pick accuracy see it drawn; a rule that looks for a fall would call its rise a divergence.
    if all(meanings[name].more_is_better for name in taken):
        return f"{enumeration(taken)}: higher is better, so it is drawn and not judged as a loss."
    kinds = [meanings[name].need_not_fall for name in taken if meanings[name].need_not_fall]
    if kinds:
        return f"No verdict on {taken[0]}: {NEED_NOT_FALL[kinds[0]]}"
    # A total of losses that need not fall need not fall either.
    parts: dict[str, set[str]] = {}
    for one in meanings.values():
        if one.is_loss and one.need_not_fall:
            parts.setdefault(one.need_not_fall, set()).add(one.part)
    for kind in (ACTOR_CRITIC, ADVERSARIAL):
        if len(parts.get(kind, ())) > 1:
            return f"No verdict on {taken[0]}: {NEED_NOT_FALL[kind]}"
    rewards = [name for name in table.curve_names if meanings[name].more_is_better and is_reward(name)]
    if rewards and validation is None:
        return f"No verdict on {taken[0]}, which stands beside {rewards[0]}: {NEED_NOT_FALL[ACTOR_CRITIC]}"
    return ""


def _why(
    table: Table,
    train: str | None,
    validation: str | None,
    alike: bool,
    only: bool,
    asked: tuple[str | None, str | None],
) -> str:
    """Which columns were taken and why, in a sentence or two."""
    meanings = table.meanings
    if train is None and validation is None:
        better = [name for name in table.curve_names if meanings[name].more_is_better]
        why = f" (higher is better for {enumeration(better)})" if better else ""
        return "" if asked != (None, None) else f"No column is called a loss{why}; choose one."
    parts = []
    for name, role, given in ((train, "train", asked[0]), (validation, "validation", asked[1])):
        if not name:
            continue
        half = "training" if role == "train" else "test" if meanings[name].is_test else "validation"
        if given is not None:
            parts.append(f"{name}: chosen as the {half} curve")
        elif only:
            parts.append(f"{name}: the only curve, taken as the training loss")
        else:
            parts.append(f"{name}: the {half} loss{_reason(table, name, role)}")
    text = "; ".join(parts) + "."
    if not alike and train and validation:
        kinds = [meanings[name].quantity if meanings[name].quantity != "loss" else name for name in (train, validation)]
        text += f" They are not one quantity ({kinds[0]} and {kinds[1]}), so each is judged on its own."
    return text


def _reason(table: Table, name: str, role: str) -> str:
    """Why this one of several losses."""
    meanings = table.meanings
    rest = [other for other in _losses(table, role) if other != name]
    own = meanings[name]
    terms = [other for other in rest if meanings[other].part and not own.part]
    if terms:
        return f" (the total, before its parts {enumeration(terms)})"
    tests = [other for other in rest if meanings[other].is_test and not own.is_test]
    if tests:
        return f" (before {enumeration(tests)}: a test set is for the end)"
    if own.part and rest:
        is_sum = own.is_term or own.need_not_fall
        return f" ({'there is no total; ' if is_sum else ''}drawn beside {enumeration(rest)})"
    return f" (before {enumeration(rest)})" if rest else ""
