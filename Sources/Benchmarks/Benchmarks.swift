enum BenchmarksPlaceholder {}
