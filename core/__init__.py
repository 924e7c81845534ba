"""The mathematics of Lossarium: losses, what they fit, and the views that show them."""
