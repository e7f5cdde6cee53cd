"""The child process that unpacks archives; nothing of it is loaded anywhere else."""
