"""Scenes of a predicted mask."""

from collections.abc import Mapping

from core.stage import Task
from core.views.kit.view import Preset, Variant

MASK: Mapping[str, Preset] = {
    "A rare object": Preset(
        "Nothing is predicted, and 99.5 % of the pixels are right: pixel accuracy is useless here, IoU is 0.",
        {"view": "mask", "share": "0.5", "size": "0"},
        Task("Drag “Object, share of the picture (%)” to 30.",
             "Pixel accuracy falls to 70 %: all that it counted was the background."),
        (
            Variant("Object 0.5", "pixel accuracy 99.48 %, IoU 0"),
            Variant("Object 30", "pixel accuracy 70.14 %, IoU 0", {"share": "30"}),
        ),
    ),
    "An empty mask": Preset(
        "There is no object. Without smoothing the Dice loss is 1 whatever is predicted, and has no gradient.",
        {"view": "mask", "losses": "pixel_cross_entropy,dice", "objects": "empty", "dice.smooth": "0"},
        Task("Drag “Dice smoothing ε” to 5.", "Dice gets a gradient that lowers what is predicted."),
        (
            Variant("Smoothing ε 0", "Dice loss 1, no gradient"),
            Variant("Smoothing ε 5", "Dice loss 0.957, and a gradient", {"dice.smooth": "5"}),
        ),
    ),
    "A small object beside a large one": Preset(
        "The small object is missed, yet the Dice coefficient of the hard mask is 0.97. The largest distance tells.",
        {"view": "mask", "objects": "two", "share": "10", "shift": "0"},
        Task("Drag “Confidence in the small object” to 1.",
             "The Dice loss hardly falls, though a missed object is found."),
        (
            Variant("Small object 0", "Dice loss 0.187, edges 24.1 px apart"),
            Variant("Small object 1", "Dice loss 0.176, edges 0 px apart", {"found": "1"}),
        ),
    ),
    "Tversky prefers recall": Preset(
        "With α 0.1 and β 0.9 a missed pixel counts nine times as much as a false one.",
        {"view": "mask", "losses": "dice,tversky", "share": "5", "tversky.alpha": "0.1", "tversky.beta": "0.9"},
        Task("Drag “Tversky β” to 0.25.", "Less of its gradient lies on the object: false positives weigh more."),
        (
            Variant("β 0.9", "76.4 % of the gradient on the object"),
            Variant("β 0.25", "51.7 % of the gradient on the object", {"tversky.beta": "0.25"}),
        ),
    ),
    "A leak": Preset(
        "Every pixel has a probability of 0.3 at least: cross-entropy has its gradient on the background.",
        {"view": "mask", "losses": "pixel_cross_entropy,dice", "leak": "0.3"},
        Task("Drag “Leak: probability everywhere” to 0.", "IoU hardly changes, but the object has a larger share."),
        (
            Variant("Leak 0.3", "on the object: BCE 3.3 %, Dice 28.5 %"),
            Variant("Leak 0", "on the object: BCE 31.1 %, Dice 35.6 %", {"leak": ""}),
        ),
    ),
    "A sharp start": Preset(
        "The disc starts beside a rare object, with a sharp edge: under Dice its mask becomes empty.",
        {"view": "mask", "show": "descent", "losses": "dice,cross_entropy_dice", "optimizer": "adam", "area": "3",
         "start_shift": "16", "start_softness": "0.5"},
        Task("Drag “Start: softness of the edge (pixels)” to 4.", "Dice finds the object: a soft edge reaches it."),
        (
            Variant("Softness 0.5", "IoU of Dice 0, of BCE + Dice 0.83"),
            Variant("Softness 4", "IoU of Dice 0.84, of BCE + Dice 0.87", {"start_softness": "4"}),
        ),
    ),
}  # fmt: skip
