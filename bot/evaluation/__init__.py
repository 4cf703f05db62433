"""How well Målvakt answers: questions whose answers are known, asked, judged and counted.

Only `malvakt eval`, tests and benchmarks use it; what it counts and draws with is the extra ``eval``.
"""
