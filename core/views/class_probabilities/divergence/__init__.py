"""Two distributions, and the divergences between them."""
