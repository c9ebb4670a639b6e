enum FetchingPlaceholder {}
