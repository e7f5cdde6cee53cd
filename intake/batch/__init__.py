"""``yushen batch``: tens of thousands of files, through interruptions, into one summary."""
