"""A reader's own working copy: laid out once, then brought up to date without losing what they wrote."""
