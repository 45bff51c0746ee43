"""Pages of members and experts."""
