"""What is done to the page tree, articles, authors and their comments."""
