"""How the name model was made: people and phrases, a labelled corpus, training, export.

Nothing here is imported by the product, and nothing of `evals/datasets` is imported here.
"""
