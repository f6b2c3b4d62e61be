"""The one door to the web: what may be fetched, from where, how much, and how politely."""
