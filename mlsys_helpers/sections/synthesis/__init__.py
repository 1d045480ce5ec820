"""Section 1.14: Synthesis.

Two alarms, one budget: what do you do first?
"""
