"""Data sets: figures, texts, lists, shares and ratings by entity and place, as ``*.dataset.yaml`` declares
them.

schema.py     what a declaration may say
csvfile.py    reads CSV files as the declaration says, and names every fault
model.py      a data set in memory: its measures, units, rows and texts
reading.py    from a declaration and its files to a data set
names.py      finds the titles of entities in a question
store.py      all data sets of all packs, side by side
query.py      from what is asked to a query on one data set
value.py, compare.py, rank.py, texts.py, tell.py    from a query to the text that tells it
"""
