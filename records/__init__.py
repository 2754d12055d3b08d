"""What must be kept: database, people, permissions, audit chain, jobs, encrypted files."""
