"""What can still be reached, by when, and what no longer can: for each patient now.

`forecast(facts, now, book, policy, payer) -> Forecast` in `billing.forecast.forecasting`; its types
in `billing.forecast.outlook`. Pure: `now` is an argument. It counts as the evaluator counts, and
promises nothing: a line is the evaluator's to give once the window is closed.
"""
