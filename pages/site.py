"""Every page of the site, in the order of the menu: the only list of pages. The home page's cards follow from it."""

import streamlit as st

from core.ui.address import address
from core.ui.site import Opening, icon, menu, page

PAGES = [
    page("home", "Lossarium", Opening("guess_the_number")),
    page(
        "loss_curves",
        "Loss curves",
        Opening("regression_curves", "Compare the losses", "Move a parameter, and read the loss and its gradient."),
        Opening("tips_fit", "See the fitted lines", "Drag an outlier, and see which lines follow it.", {"view": "fit"}),
        Opening(
            "",
            "Check the textbook numbers",
            "Well-known examples, with their misprints corrected.",
            {"view": "examples"},
        ),
    ),
    page(
        "loss_landscapes",
        "Loss landscapes",
        Opening("textbook_landscape", "Explore the landscapes", "Valleys, saddles and plateaus of many losses."),
    ),
    page(
        "gradient_descent",
        "Gradient descent",
        Opening(
            "textbook_race",
            "Watch the race",
            "Change the settings while optimizers run downhill.",
            thumbnail={"landscape": "himmelblau", "x": "-0.5", "y": "-0.8", "lr": "0.016"},
        ),
    ),
    page(
        "class_imbalance",
        "Class imbalance",
        Opening(
            "imbalance_decisions",
            "Learn a rare class",
            "Weights, losses and thresholds: find the few positives.",
            thumbnail={"threshold": "0.2"},
        ),
        Opening(
            "imbalance_accuracy",
            "See accuracy lie",
            "1,000 dots: 99.9 % accuracy can find nothing.",
            {"show": "accuracy"},
            thumbnail={"share": "0.1", "model": "2", "threshold": "0.1"},
        ),
    ),
    page(
        "class_probabilities",
        "Class probabilities",
        Opening("class_example", "Read a softmax", "Drag the scores, and see what each loss asks of them."),
        Opening(
            "class_simplex",
            "See what a loss wants",
            "Drag the true probabilities: which loss asks for them?",
            {"view": "simplex"},
        ),
        Opening(
            "class_divergence", "Compare two distributions", "Cover both modes, or seek one.", {"view": "divergence"}
        ),
        Opening("class_train", "Train three classes", "Wrong labels, and which losses bear them.", {"view": "train"}),
    ),
    page(
        "boxes_and_masks",
        "Boxes and masks",
        Opening("box_gradients", "Drag a box", "See which way each loss moves the edges of a predicted box."),
        Opening(
            "mask_gradients",
            "Drag a mask",
            "Which loss still hears a small object? Its gradient in every pixel.",
            {"view": "mask"},
        ),
        Opening(
            "detection",
            "Train a detector",
            "Two losses, thousands of easy negatives, and a metric that is not descended.",
            {"view": "detection"},
            thumbnail={"step": "120"},
        ),
    ),
    page(
        "training_curves",
        "Training curves",
        Opening(
            "wave_run",
            "Read the curves",
            "Cause overfitting or divergence, and read the diagnosis.",
            thumbnail={"task": "polynomial", "capacity": "12"},
        ),
    ),
    page(
        "your_loss",
        "Your loss",
        Opening("regression_typed", "Type your own loss", "A line of mathematics becomes a curve with sliders."),
    ),
    page(
        "your_data",
        "Your data",
        Opening("predictions", "Try your own data", "Which model is best, under which loss, and is that chance?"),
        Opening("scores", "Find your threshold", "Scores and labels: what a threshold costs.", {"kind": "scores"}),
        Opening("own_fit", "Fit your own points", "Every loss and slider, on a table of yours.", {"kind": "table"}),
    ),
    page(
        "which_loss",
        "Which loss",
        Opening("which_number", "Find your loss", "Three questions, and an experiment that proves the answer."),
        Opening(
            "which_two_classes",
            "Decide by cost",
            "A missed positive or a false one: which threshold is cheapest?",
            {"predict": "two_classes"},
        ),
    ),
    page("glossary", "Glossary", Opening("")),
]
CARDS = [(one, opening) for one in PAGES for opening in one.openings if opening.name]  # of the home page

if __name__ == "__main__":  # as Streamlit runs it; the home page and the tests import the list
    st.set_page_config(page_icon=icon(), layout="wide")
    opened = st.navigation(menu(PAGES), position="top")
    with address(opened.url_path):
        opened.run()
