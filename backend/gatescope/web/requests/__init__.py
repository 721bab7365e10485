"""What a request may hold, and what follows from it: a sequence, a model, what is held."""
