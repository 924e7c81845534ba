"""The pictures of the home page."""
