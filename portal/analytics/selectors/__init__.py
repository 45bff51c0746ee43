"""What is read out of the logs."""
