"""What is written down of finding."""
