"""The corridors: who hears whom, and how one note after another is handed on."""
