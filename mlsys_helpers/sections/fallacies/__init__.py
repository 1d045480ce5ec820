"""Section 1.13: Fallacies and pitfalls.

Which of your instincts is wrong?
"""
