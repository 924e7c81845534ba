"""A predicted mask and the true one: gradients of every pixel, and descents."""
