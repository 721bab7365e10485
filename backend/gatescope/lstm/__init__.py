"""The mathematics of the LSTM: torch only; knows no web and no file."""
