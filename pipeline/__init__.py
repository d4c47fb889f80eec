"""PaperLedge: a backlog of paper summaries into finished podcast episodes.

The stages, in order; each is a folder here and a word everywhere:

    paper       one Markdown file to a Paper
    script      a Paper and the show's templates to the lines that will be said
    synthesis   a line to a clip of speech
    assembly    clips to one mastered MP3
    tagging     an MP3 and its facts to an Episode

`recipe.py` is the main path, `backlog.py` runs it over many papers, `store.py` makes a thing once.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
