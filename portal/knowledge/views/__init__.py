"""What pages and forms answer."""
