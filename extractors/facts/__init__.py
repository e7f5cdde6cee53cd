"""Fact readers: pure functions from text and tables to facts, each with the place it was read from.

They know the general language of Chinese documents (numerals, units, 合计, 其中) and nothing of any
regulation: which of several values is meant is steered by the ``prefer`` and ``avoid`` words that a rule pack
declares.  Every value quotes its text and gives its span in the text that was passed in.
"""
