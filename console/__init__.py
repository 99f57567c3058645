"""The desk's screens and API."""
