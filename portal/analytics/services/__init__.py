"""What is written about what staff measure."""
