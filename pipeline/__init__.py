"""PaperLedge."""
