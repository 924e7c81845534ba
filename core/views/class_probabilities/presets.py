"""Scenes of /class-probabilities: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

EXAMPLE: Mapping[str, Preset] = {  # of one example
    "Confident and right": Preset(
        "The right answer A has probability 0.9: it hardly surprises, and every gradient is small.",
        {"score_a": "2.89", "score_b": "0", "score_c": "0"},
        Task("Drag “Score of A” to 6.", "The surprise falls below 0.01 nats: a hit that was nearly certain."),
        (
            Variant("With A as the answer", "surprise 0.105 nats"),
            Variant("With B as the answer", "surprise 3 nats", {"target": "b"}),
        ),
    ),
    "Confident and wrong": Preset(
        "B has probability 0.9, but A is right: a surprise of 2.303 nats, and a large gradient.",
        {"score_a": "0", "score_b": "2.197", "score_c": "-6"},
        Task("Drag “Temperature T” to 10.", "The same scores are less sure now: less than half of the surprise."),
        (
            Variant("Temperature 1", "surprise 2.3 nats"),
            Variant("Temperature 10", "surprise 1.03 nats", {"temperature": "10"}),
        ),
    ),
    "Undecided": Preset(
        "Five equal scores: each class has probability 0.2, and the perplexity is 5.",
        {"classes": "5", **{f"score_{letter}": "0" for letter in "abcde"}},
        Task("Drag “Score of A” to 3.", "The perplexity falls below 2: not even two classes compete any more."),
        (
            Variant("Score of A 0", "perplexity 5"),
            Variant("Score of A 3", "perplexity 1.2", {"score_a": "3"}),
        ),
    ),
    "A tie": Preset(
        "A and B share the probability equally: which one is right surprises by one bit.",
        {"score_a": "1.8", "score_c": "-6"},
        Task("Drag “Score of A” to 2.1.", "The tie is broken: A is right with less than one bit of surprise."),
        (
            Variant("Score of A 1.8", "surprise of 1 bit"),
            Variant("Score of A 2.1", "surprise of 0.8 bits", {"score_a": "2.1"}),
        ),
    ),
    "Two right answers": Preset(
        "Two answers are right: softmax can give both no more than one half, sigmoids give both nearly 1.",
        {"losses": "categorical_cross_entropy,one_vs_rest_cross_entropy", "target": "two",
         "score_a": "3", "score_b": "3", "score_c": "-3"},
        Task("Drag “Score of A” to 6.", "Softmax takes the probability away from B; the sigmoid of B stays."),
        (
            Variant("Score of A 3", "B: softmax 0.499, sigmoid 0.953"),
            Variant("Score of A 6", "B: softmax 0.0474, sigmoid 0.953", {"score_a": "6"}),
        ),
    ),
    "Scores of 1,000": Preset(
        "e to the power of 1,000 is infinite in float32: as its formula is written, the softmax of A is NaN.",
        {"scale": "large", "score_a": "1000", "score_b": "0", "score_c": "0"},
        Task("Drag “Score of A” to 60.", "No power overflows now: as written, the softmax is right again."),
        (
            Variant("Score of A 1000", "as written NaN, stable 1"),
            Variant("Score of A 60", "as written 1, stable 1", {"score_a": "60"}),
        ),
    ),
    "Temperature 0.1 and 10": Preset(
        "The same scores at a temperature of 0.1: one class gets everything, and it is the wrong one.",
        {"temperature": "0.1"},
        Task("Drag “Temperature T” to 1.", "Cross-entropy's arrow on A shrinks from 10 to less than 1."),
        (
            Variant("Temperature 0.1", "softmax of B 1"),
            Variant("Temperature 10", "softmax of B 0.377", {"temperature": "10"}),
        ),
    ),
}  # fmt: skip
DIVERGENCE: Mapping[str, Preset] = {  # of two distributions
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
            Variant("T 2", "exactly the true probabilities", {"temperature": "2"}),
        ),
    ),
    "Smoothed labels": Preset(
        "A is certain, but with smoothing 0.1 cross-entropy asks for 0.933, and can cost no less than 0.291.",
        {
            "view": "simplex",
            "losses": "categorical_cross_entropy",
            "p_a": "1",
            "categorical_cross_entropy.label_smoothing": "0.1",
        },
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
TRAIN: Mapping[str, Preset] = {  # of training on three classes
    "Three iris species": Preset(
        "Setosa stands apart. Versicolor and virginica overlap: a model of either loss confuses a few of them.",
        {"view": "train", "losses": "categorical_cross_entropy,multiclass_brier"},
        Task(
            "Drag “Cross-entropy smoothing ε” to 0.5.",
            "Cross-entropy is right less often, and much less sure; Brier stays as it is.",
        ),
        (
            Variant("Without squares", "log loss of cross-entropy 0.24"),
            Variant("With squares", "0.28, no better", {"features": "quadratic"}),
        ),
    ),
    "Wrong labels": Preset(
        "30 % of the training labels are wrong: their share moves cross-entropy, and hardly GCE.",
        {"view": "train", "wrong": "30"},
        Task(
            "Drag “GCE exponent s” to 0.05.",
            "GCE is now almost cross-entropy, and right as seldom.",
        ),
        (
            Variant("Wrong labels 30", "cross-entropy 76 % right, GCE 89.3 %"),
            Variant("Wrong labels 0", "both 90.7 %", {"wrong": ""}),
        ),
    ),
    "Smoothing and calibration": Preset(
        "Label smoothing makes probabilities less sure: here they were calibrated before.",
        {
            "view": "train",
            "data": "three_clouds",
            "label_smoothing": "0.1",
            "losses": "categorical_cross_entropy,multiclass_focal",
        },
        Task(
            "Drag “Cross-entropy smoothing ε” to 0.5.",
            "Its accuracy stays; its probabilities fall far below it.",
        ),
        (
            Variant("Smoothing ε 0.1", "ECE of cross-entropy 0.14"),
            Variant("Smoothing ε 0", "0.024", {"label_smoothing": ""}),
        ),
    ),
    "Squared error is slow": Preset(
        "Training begins sure of setosa, for every flower. Squared error hardly has a gradient there.",
        {
            "view": "train",
            "training": "gradient_descent",
            "level": "8",
            "losses": "categorical_cross_entropy,multiclass_brier",
        },
        Task(
            "Drag “Learning rate” to 10.",
            "Multiclass Brier gets to 80 % too, many steps after cross-entropy.",
        ),
        (
            Variant("Initial score 8", "Brier 33.3 % right, cross-entropy 92 %"),
            Variant("Initial score 0", "both 92 %", {"level": ""}),
        ),
    ),
}
PRESETS: Mapping[str, Preset] = MappingProxyType({**EXAMPLE, **SIMPLEX, **DIVERGENCE, **TRAIN})
