"""Playbooks: what to do in each kind of incident, in order."""
