"""How well models do on a person's own data: every loss, with what is noise and what is not."""
