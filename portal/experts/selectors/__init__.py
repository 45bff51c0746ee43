"""What is read of profiles, standing, reputation and badges."""
