"""Charts as SVG, drawn here: no library, no script. Pure: figures in, markup out; words come from the templates."""
