"""The notes handed from room to room: frozen DTOs without behaviour, and the events that carry them."""
