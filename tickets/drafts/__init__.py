"""Drafts for an incident: what each must say as reviewed data, and how it is filled."""
