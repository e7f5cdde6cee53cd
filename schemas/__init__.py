"""Rule packs as data, their loader and their linter, and the catalogue of codes."""
