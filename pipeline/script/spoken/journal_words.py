"""Abbreviated words in the names of journals, which sentences.py and journals.py both know."""

__all__ = ["JOURNAL_WORDS"]

JOURNAL_WORDS = {
    "acad": "academy", "adv": "advances", "am": "american", "amer": "american", "ann": "annals",
    "annu": "annual", "anal": "analytical", "appl": "applied", "assoc": "association", "astron": "astronomy",
    "astrophys": "astrophysics", "atmos": "atmospheric", "behav": "behavior", "biochem": "biochemistry",
    "biol": "biology", "biophys": "biophysics", "bull": "bulletin", "cardiol": "cardiology",
    "chem": "chemistry", "clin": "clinical", "cogn": "cognitive", "commun": "communications",
    "comput": "computing", "conf": "conference", "ecol": "ecology", "econ": "economics",
    "electron": "electronics", "eng": "engineering", "environ": "environmental", "epidemiol": "epidemiology",
    "eur": "european", "exp": "experimental", "genet": "genetics", "geophys": "geophysical",
    "immunol": "immunology", "inf": "information", "inst": "institute", "int": "international",
    "j": "journal", "lett": "letters", "mach": "machine", "magn": "magnetism", "mater": "materials",
    "math": "mathematics", "mech": "mechanics", "med": "medicine",
    "microbiol": "microbiology", "mod": "modern", "mol": "molecular", "nat": "nature", "natl": "national",
    "neurol": "neurology", "neurosci": "neuroscience", "nucl": "nuclear", "oncol": "oncology",
    "opt": "optics", "pharmacol": "pharmacology", "philos": "philosophical", "phys": "physics",
    "physiol": "physiology", "proc": "proceedings", "psychol": "psychology",
    "quant": "quantitative", "radiol": "radiology", "rep": "reports", "res": "research", "rev": "review",
    "sci": "science", "soc": "society", "spectrosc": "spectroscopy", "stat": "statistics", "surg": "surgery",
    "symp": "symposium", "technol": "technology", "theor": "theoretical", "trans": "transactions",
    "vis": "vision", "zool": "zoology",
}  # fmt: skip
"""In small letters and without its full stop → in full."""
