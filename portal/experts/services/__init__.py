"""What is done to profiles, reputation, standing and badges, a file for each noun."""
