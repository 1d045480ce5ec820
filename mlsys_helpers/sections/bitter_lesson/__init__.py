"""Section 1.3: The bitter lesson.

When does search beat what you know?
"""
