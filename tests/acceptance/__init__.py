"""Episodes and site, held against tools from outside."""
