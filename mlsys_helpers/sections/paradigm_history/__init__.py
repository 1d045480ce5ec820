"""Section 1.2: AI paradigm evolution.

What did each era run out of?
"""
