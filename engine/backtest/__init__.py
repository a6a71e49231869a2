"""The same house on past data: which bars, from where, and with which gaps."""
