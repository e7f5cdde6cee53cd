"""The check as one pure function, and the child process in which it runs."""
