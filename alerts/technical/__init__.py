"""Missing and technical items: what keeps readings from coming, each cause named once."""
