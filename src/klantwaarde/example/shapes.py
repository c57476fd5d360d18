"""Shapes of real trade, measured once, so that the invented wholesaler behaves as customers do.

Only facts and figures are kept, no records. Sources:

- Online Retail: invoices of a UK wholesaler, December 2010 - December 2011 (Chen, Sain & Guo, "Data mining for the
  online retail industry", J. of Database Marketing & Customer Strategy Management 19(3), 2012; UCI, CC BY 4.0).
  Duplicates, lines without a customer and fees were left out: 18,402 invoices of 4,334 customers. Years run from 10
  December to 9 December. "Regulars" are customers with at least four invoices in the year.
- CDNOW: purchases of 2,357 customers, January 1997 - June 1998 (Fader & Hardie, 2001).

What is not copied is scale: euros per order, lines per order and orders per customer are those of a Dutch technical
wholesaler, and its months move half as much, for it sells no Christmas gifts.
"""

ORDERS_GINI = 0.54
"""Gini coefficient of invoices a year per customer. Online Retail."""

ORDER_VALUE_LOG_SD_BETWEEN = 0.67
"""Standard deviation, over customers with at least three invoices, of mean log(invoice value). Online Retail."""

ORDERS_VALUE_CORRELATION = 0.16
"""Correlation, over customers, of log(invoices) and log(mean invoice value). Online Retail."""

ORDER_VALUE_LOG_SD_WITHIN = 0.90
"""Standard deviation of log(invoice value) within a customer with at least three invoices. Online Retail."""

LINES_VARIATION = 1.13
"""Standard deviation over mean of lines per invoice (mean 21 there). Online Retail."""

LINES_VALUE_CORRELATION = 0.54
"""Correlation, over invoices, of log(lines) and log(value). Online Retail."""

REVENUE_GINI = 0.61
"""Gini coefficient of yearly revenue per customer among regulars (all customers: 0.71). Online Retail."""

REVENUE_TOP_FIFTH = 0.66
"""Share in revenue of the largest 20 % of the regulars (all customers: 0.74). Online Retail."""

MONTH_INDEX = (0.669, 0.675, 0.893, 0.775, 1.051, 0.946, 0.899, 0.863, 1.184, 1.296, 1.799, 0.949)
"""Invoices per month, January to December, average month = 1. Online Retail, December 2010 - November 2011."""

CREDIT_LINE_SHARE = 0.021
"""Credited lines as a share of all lines. Online Retail."""

CREDIT_VALUE_SHARE = 0.022
"""Credited value as a share of invoiced value, three mistakes above 5,000 left out. Online Retail."""

LOST_PER_HALF_YEAR = 0.062
"""Customers with at least four invoices in half a year and none in the next half. Online Retail (CDNOW: 0.43)."""

REPEAT_SHARE = 0.66
"""New customers (first invoice March - August 2011) who ordered again. Online Retail (CDNOW, all buyers: 0.48)."""
