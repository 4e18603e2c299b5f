"""What a person meets, in a real headless Chromium: pages, live changes, mistakes, attacks."""
