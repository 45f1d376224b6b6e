"""Where it is: gazetteer, aliases, polygons."""
