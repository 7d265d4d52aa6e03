"""Values and rules of the field: who, when, what was said. Standard library only; time and zone are arguments.

Everybody may import this package; it imports nobody.
"""
