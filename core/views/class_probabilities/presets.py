"""Cases worth seeing: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Two far modes": Preset(
            "One Gaussian cannot be both modes: forward KL covers them, and reverse KL seeks one.",
            {"view": "divergence", "start": "-1"},
            Task(
                "Drag “Start of the mean” to 1.",
                "Reverse KL finds the right mode instead of the left, and forward KL stays between them.",
            ),
            (
                Variant("Start -1", "reverse KL has mean −2.98, forward KL 0"),
                Variant("Start 1", "reverse KL has mean 2.98, forward KL 0", {"start": ""}),
            ),
        ),
        "Near modes": Preset(
            "Where one Gaussian is nearly right, all three divergences agree.",
            {"view": "divergence", "separation": "2", "start": "2"},
            Task(
                "Drag “Separation of the modes” to 6.",
                "Forward KL still covers both modes, and reverse KL leaves out the left one.",
            ),
            (
                Variant("Separation 2", "sd 1.41 forward, 1.4 reverse"),
                Variant("Separation 6", "3.16 forward, 1.02 reverse", {"separation": ""}),
            ),
        ),
        "Uneven weights": Preset(
            "The right mode holds a tenth of the target: reverse KL and Jensen-Shannon leave it out.",
            {"view": "divergence", "separation": "4", "share": "0.1"},
            Task("Drag “Share of the right mode” to 0.5.", "All three cover both modes, with a mean halfway between."),
            (
                Variant("Share 0.1", "reverse KL leaves out the right mode"),
                Variant("Share 0.5", "reverse KL covers both modes", {"share": ""}),
            ),
        ),
        "Support missed": Preset(
            "Target and model have nothing in common: KL is infinite, and Jensen-Shannon is flat.",
            {"view": "divergence", "of": "support"},
            Task(
                "Drag “Position of the model” to -2.",
                "Jensen-Shannon gets a gradient, and both KLs are still infinite.",
            ),
            (
                Variant("Position -3", "Jensen-Shannon 0.6931, gradient 0"),
                Variant("Position -1", "Jensen-Shannon 0.2725, gradient −0.2804", {"position": "-1"}),
            ),
        ),
        "Distillation": Preset(
            "A teacher's softened probabilities say more than its label: which wrong classes are likelier.",
            {"view": "divergence", "of": "distillation", "temperature": "1"},
            Task(
                "Drag “Temperature T” to 4.",
                "The gradients on B, C and D part, and before they were nearly the same.",
            ),
            (
                Variant("Temperature 1", "gradients on B and D are 0.232 and 0.25"),
                Variant("Temperature 4", "gradients on B and D are 0.0689 and 0.902", {"temperature": ""}),
            ),
        ),
    }
)
