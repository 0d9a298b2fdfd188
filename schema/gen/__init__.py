"""The generator behind schema/gen.py: one module a family of generated files."""
