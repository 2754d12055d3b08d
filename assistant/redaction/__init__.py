"""Client files and texts: redacted, reviewed, restored, scanned into an inventory; the rules for it."""
