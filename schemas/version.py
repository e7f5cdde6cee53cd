"""The program's version, said once: on the command line, in every report, and by the package."""

VERSION = "0.1.0"
