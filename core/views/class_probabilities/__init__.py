"""The page of class probabilities."""
