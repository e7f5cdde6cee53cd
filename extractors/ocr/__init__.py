"""Reads pages that are pictures: scans and photographs, by text recognition without a network."""
