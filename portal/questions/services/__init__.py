"""What is done to questions and answers, a file for each noun."""
