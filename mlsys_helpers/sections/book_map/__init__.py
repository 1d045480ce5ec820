"""Section 1.12, the map of the book: where does each idea return?"""
