"""Every place that the tests visit: what the site's rows open, and further tabs and choices of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from pages.site import PAGES


class Place(NamedTuple):
    page: str  # the key of its row in pages/site.py
    query: Mapping[str, str]
    view: str = ""  # the key of the view that is shown there, if one is

    @property
    def address(self) -> str:
        path = next(page.path for page in PAGES if page.key == self.page)
        return f"/{path}?{urlencode(self.query)}" if self.query else f"/{path}"


NAMED = {
    "home": Place("home", {}, "guess_the_number"),
    "home-darts": Place("home", {"view": "darts"}, "dart_board"),
    "compare": Place("loss_curves", {}, "regression_curves"),
    "compare-binary": Place("loss_curves", {"family": "binary"}, "binary_curves"),
    "fit": Place("loss_curves", {"view": "fit"}, "tips_fit"),
    "fit-made": Place("loss_curves", {"view": "fit", "data": "made"}, "made_fit"),
    "examples": Place("loss_curves", {"view": "examples"}),
    "ground": Place("loss_landscapes", {}, "textbook_landscape"),
    "ground-line": Place("loss_landscapes", {"view": "line"}, "line_landscape"),
    "ground-classifier": Place("loss_landscapes", {"view": "classifier"}, "logistic_landscape"),
    "ground-network": Place("loss_landscapes", {"view": "network"}, "network_landscape"),
    "race": Place("gradient_descent", {}, "textbook_race"),
    "race-line": Place("gradient_descent", {"view": "line"}, "line_race"),
    "race-classifier": Place("gradient_descent", {"view": "classifier"}, "classifier_race"),
    "race-network": Place("gradient_descent", {"view": "network"}, "network_race"),
    "step": Place("gradient_descent", {"show": "step"}, "textbook_step"),
    "step-classifier": Place("gradient_descent", {"view": "classifier", "show": "step"}, "classifier_step"),
    "starts": Place("gradient_descent", {"show": "starts"}, "textbook_starts"),
    "starts-line": Place("gradient_descent", {"view": "line", "show": "starts"}, "line_starts"),
    "rare": Place("class_imbalance", {}, "imbalance_decisions"),
    "rare-accuracy": Place("class_imbalance", {"show": "accuracy"}, "imbalance_accuracy"),
    "rare-sources": Place("class_imbalance", {"show": "sources"}, "imbalance_sources"),
    "probabilities": Place("class_probabilities", {}, "class_example"),
    "probabilities-simplex": Place("class_probabilities", {"view": "simplex"}, "class_simplex"),
    "probabilities-divergence": Place("class_probabilities", {"view": "divergence"}, "class_divergence"),
    "probabilities-train": Place("class_probabilities", {"view": "train"}, "class_train"),
    "box": Place("boxes_and_masks", {}, "box_gradients"),
    "box-descent": Place("boxes_and_masks", {"show": "descent"}, "box_descent"),
    "box-starts": Place("boxes_and_masks", {"show": "starts"}, "box_starts"),
    "mask": Place("boxes_and_masks", {"view": "mask"}, "mask_gradients"),
    "mask-descent": Place("boxes_and_masks", {"view": "mask", "show": "descent"}, "mask_descent"),
    "typed": Place("your_loss", {}, "regression_typed"),
    "typed-binary": Place("your_loss", {"family": "binary"}, "binary_typed"),
    "typed-goals": Place("your_loss", {"family": "two_goals"}, "two_goals_typed"),
    "own": Place("your_data", {}, "predictions"),
    "own-scores": Place("your_data", {"kind": "scores"}, "scores"),
    "own-classes": Place("your_data", {"kind": "classes"}, "classes"),
    "own-table": Place("your_data", {"kind": "table"}, "own_fit"),
    "which": Place("which_loss", {}, "which_number"),
    "which-count": Place("which_loss", {"predict": "count"}, "which_count"),
    "which-two-classes": Place("which_loss", {"predict": "two_classes"}, "which_two_classes"),
    "which-classes": Place("which_loss", {"predict": "classes"}, "which_classes"),
    "which-labels": Place("which_loss", {"predict": "labels"}, "which_labels"),
    "which-boxes": Place("which_loss", {"predict": "boxes"}, "which_boxes"),
    "which-masks": Place("which_loss", {"predict": "masks"}, "which_masks"),
    "which-mistakes": Place("which_loss", {"predict": "mistakes"}, "which_mistakes"),
    "training": Place("training_curves", {}, "wave_run"),
    "training-polynomial": Place("training_curves", {"task": "polynomial"}, "polynomial_run"),
    "training-moons": Place("training_curves", {"task": "moons"}, "moons_run"),
    "training-losses": Place("training_curves", {"view": "losses"}, "wave_losses"),
    "training-losses-polynomial": Place(
        "training_curves", {"view": "losses", "task": "polynomial"}, "polynomial_losses"
    ),
    "training-losses-moons": Place("training_curves", {"view": "losses", "task": "moons"}, "moons_losses"),
    "training-own": Place("training_curves", {"view": "own"}),
}


def others() -> Iterator[tuple[str, Place]]:
    """What the site's rows open that has no name above."""
    for page in PAGES:
        for opening in page.openings:
            place = Place(page.key, opening.query, opening.view)
            if place not in NAMED.values():
                yield page.thumbnail(opening), place


PLACES = NAMED | dict(others())
STAGES = {name: place.view for name, place in PLACES.items() if place.view}
