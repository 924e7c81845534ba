"""Scenes of /class-probabilities: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

SIMPLEX: Mapping[str, Preset] = {  # of what a loss asks for
    "Focal is less confident": Preset(
        "At (0.6, 0.3, 0.1) focal with γ = 2 asks for (0.489, 0.353, 0.158).",
        {"view": "simplex", "losses": "multiclass_focal"},
        Task("Drag “Multiclass focal γ” to 0.", "Now it is cross-entropy: ★ moves into the ring, and stays there."),
        (
            Variant("γ 2", "up to 11.1 points away"),
            Variant("γ 5", "up to 17.8 points away", {"multiclass_focal.gamma": "5"}),
        ),
    ),
    "GCE is more confident": Preset(
        "At (0.6, 0.3, 0.1) generalized cross-entropy with s = 0.7 asks for (0.908, 0.09, 0.002).",
        {"view": "simplex", "losses": "generalized_cross_entropy"},
        Task("Drag “GCE exponent s” to 0.05.", "Now it is nearly cross-entropy: less than 2 points away."),
        (
            Variant("s 0.7", "up to 30.8 points away"),
            Variant("s 0.3", "up to 9 points away", {"generalized_cross_entropy.s": "0.3"}),
        ),
    ),
    "A temperature corrects GCE": Preset(
        "GCE with s = 0.5 squares the true probabilities: its scores, divided by 2, give them back.",
        {"view": "simplex", "losses": "generalized_cross_entropy", "generalized_cross_entropy.s": "0.5"},
        Task(
            "Drag “Temperature T” to 2.",
            "The ◇ of the divided scores moves into the ring, and A stays the most likely class.",
        ),
        (
            Variant("T 1", "up to 18.3 points away"),
            Variant("T 2", "up to 0 points away", {"temperature": "2"}),
        ),
    ),
    "Smoothed labels": Preset(
        "A is certain, but with smoothing 0.1 cross-entropy asks for 0.933, and can cost no less than 0.291.",
        {"view": "simplex", "losses": "categorical_cross_entropy", "p_a": "1"},
        Task("Drag “Cross-entropy smoothing ε” to 0.", "The ★ moves into the ring, and the least loss is 0."),
        (
            Variant("ε 0.1", "least loss 0.291"),
            Variant("ε 0.3", "least loss 0.639", {"categorical_cross_entropy.label_smoothing": "0.3"}),
        ),
    ),
    "Absolute error takes a corner": Preset(
        "GCE with s = 1 is half of the absolute error of the probabilities: it asks for A alone.",
        {"view": "simplex", "losses": "generalized_cross_entropy", "generalized_cross_entropy.s": "1"},
        Task("Drag “Probability of A” to 0.3.", "B is the most likely class now: ★ jumps into its corner."),
        (
            Variant("Probability of A 0.6", "A alone"),
            Variant("Probability of A 0.3", "B alone", {"p_a": "0.3"}),
        ),
    ),
    "No class has more than half": Preset(
        "Crammer-Singer asks for equal scores: whichever class led, it would be wrong too often.",
        {"view": "simplex", "losses": "crammer_singer_hinge", "p_a": "0.4"},
        Task("Drag “Probability of A” to 0.6.", "A has more than half: its score leads by 1."),
        (
            Variant("Probability of A 0.4", "a tie"),
            Variant("Probability of A 0.6", "a lead of A", {"p_a": ""}),
        ),
    ),
}
PRESETS: Mapping[str, Preset] = MappingProxyType(dict(SIMPLEX))
