"""A stop behind the last swing, a target where others have theirs."""
