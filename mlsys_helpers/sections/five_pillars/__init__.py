"""Section 1.11: The five pillars.

Who owns this failure?
"""
