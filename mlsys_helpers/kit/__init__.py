"""What every section stands on: units, checks of input, figures, explorers and predictions."""
