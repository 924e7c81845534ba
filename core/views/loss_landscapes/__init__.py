"""The pictures of /loss-landscapes."""
