"""What the staff does to topics, terms and promoted results."""
