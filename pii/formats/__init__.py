"""One file a format: segments in, edits out, every hidden place."""
