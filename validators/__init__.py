"""Record x document class -> findings -> report: the schema judges, the pack explains."""
