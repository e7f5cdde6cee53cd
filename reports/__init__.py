"""Report -> every form that a person or a program reads."""
