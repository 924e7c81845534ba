"""The page of boxes and masks."""
