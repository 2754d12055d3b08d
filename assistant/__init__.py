"""What people can do, one verb per file; puts the parts together."""
