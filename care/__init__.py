"""Who is cared for: organisations, people, patients, gateways, devices and their assignments."""
