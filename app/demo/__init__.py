"""The demo county: invented bodies and staff (cast.py), and a seeded generator of invented pupils and families."""
