"""What is read of follows, notes and those who are to be told."""
