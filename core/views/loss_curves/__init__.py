"""The pictures of /loss-curves."""
