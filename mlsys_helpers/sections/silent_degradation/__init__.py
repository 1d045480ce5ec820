"""Section 1.5, silent degradation: how does a system fail without an error?"""
