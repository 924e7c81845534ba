"""The page /which-loss: the advice, and the experiment that proves it or does not."""
