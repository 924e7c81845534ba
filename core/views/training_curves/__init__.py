"""The page of training curves."""
