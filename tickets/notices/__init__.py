"""Notices to clients: kinds and letters as reviewed data, delivery, ledger and store."""
