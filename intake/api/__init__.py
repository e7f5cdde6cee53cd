"""The HTTP API: streams bytes into the object store and reads rows; it never opens a document."""
