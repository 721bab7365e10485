"""A stranger's file is read in a child process, with caps on its memory, its time and what it gives back."""
