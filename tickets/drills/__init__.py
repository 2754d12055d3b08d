"""Drills: scenarios as reviewed data, and how one is scored."""
