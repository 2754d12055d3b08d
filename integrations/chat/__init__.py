"""What every chat has in common: what was said, and the verbs behind it."""
