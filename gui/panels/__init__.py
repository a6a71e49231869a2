"""One panel for each thing a trader looks at."""
