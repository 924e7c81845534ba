"""A predicted box and the true one: gradients, descents, and a map of starts."""
