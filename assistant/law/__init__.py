"""Texts of law and policy: taken in, read, searched, compared version by version."""
