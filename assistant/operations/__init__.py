"""Running the product: set-up, checks, backups, keys, the audit log, what is due every hour."""
