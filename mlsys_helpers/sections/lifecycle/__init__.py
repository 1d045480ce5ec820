"""Section 1.9: the ML lifecycle.

What does going round cost?
"""
