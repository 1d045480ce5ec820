"""Section 1.10, case studies: why do three good systems look nothing alike?"""
