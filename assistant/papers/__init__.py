"""Files that leave: PDFs, letters, tables, signed bundles and their check."""
