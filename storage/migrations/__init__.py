"""How the tables came to be, step by step (Alembic); ``Database.upgrade`` runs what is missing."""
