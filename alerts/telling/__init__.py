"""Who is told, when and how: ladders by the clock, on call, contacts, patients."""
