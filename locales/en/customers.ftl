# The list of customers: its filters, orders and files.

lifetime-value-yuan = Lifetime value (yuan)
expected-loss-yuan = Expected loss (yuan)
segment-value = Value band
buying-factor = Key buying factor
ict-need = ICT need
