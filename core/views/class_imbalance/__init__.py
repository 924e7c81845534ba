"""The page of rare classes."""
