"""A loss that a person types: its curves, and what follows from them."""
