"""What several people said of the same words: how far they agree, and what to make of it."""
