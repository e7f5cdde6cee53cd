"""Bytes -> ``Document`` -> section tree -> ``Record``: this room states facts and judges nothing."""
