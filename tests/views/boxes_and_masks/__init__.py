"""The views of /boxes-and-masks."""
