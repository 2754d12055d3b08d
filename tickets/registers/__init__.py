"""Kinds of register entries as reviewed data, and the rules every entry obeys."""
