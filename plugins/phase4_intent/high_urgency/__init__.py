"""Now, and openly: for trades that cannot wait."""
