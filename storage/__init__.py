"""Objects (bytes by their SHA-256) and state (who owes what to whom), behind one small interface each."""
