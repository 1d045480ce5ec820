"""Section 1.4, defining ML systems: which axis binds?"""
