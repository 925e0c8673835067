"""Tables from elsewhere on their way in: read, understood, matched with what is here, written in one transaction."""
