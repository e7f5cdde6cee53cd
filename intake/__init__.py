"""Doors: the command line (and, later, the HTTP API)."""
