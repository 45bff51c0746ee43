"""What is read of questions and answers. ``access`` is the only door to a post."""
