"""Notices to clients: written, approved, sent, their delivery on record."""
