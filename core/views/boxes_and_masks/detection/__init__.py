"""A detector's two losses, and the metric that neither of them is."""
