"""What happened, in figures: read from the tables, sealed night after night, shown as pages, tables and files."""
