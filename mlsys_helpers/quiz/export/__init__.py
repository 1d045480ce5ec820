"""A section's questions as files for elsewhere: Moodle, Canvas, jupyterquiz, paper. The table of formats: `formats`."""
