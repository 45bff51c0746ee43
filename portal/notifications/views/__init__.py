"""Pages of the inbox, of what a member follows and of how she wants to be told."""
