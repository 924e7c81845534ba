"""A person's own data: how good the predictions in a file are."""
