"""What an answer holds, and its bytes."""
