"""Telling people: one file a channel."""
