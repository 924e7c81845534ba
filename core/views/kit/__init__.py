"""Parts that all pictures share: views, plots, layout, theme, text and presets."""
