"""The bus on each broker, with two small apps of its own."""
