"""What may leave: personal information found, redacted and proven gone."""
