"""Publish stage: finished episodes become a feed and a site that any static host can serve."""
